//! The TMF620 and TMF633 resources.

use crate::{
    gate::Door,
    promotion::Promotions,
    qualify,
    rules::{Dated, Job, Offerings},
};
use http::tmf::{Api, Column, Kind, Ops, Resource};
use kernel::Perm;

pub const READ: Perm = Perm { name: "catalog.read", zh: "查询商品目录", en: "Read the catalogue" };
pub const WRITE: Perm = Perm { name: "catalog.write", zh: "维护商品目录", en: "Change the catalogue" };
pub const APPROVE: Perm = Perm { name: "catalog.approve", zh: "审批商品上市", en: "Approve launches" };
pub const LAUNCH: Perm =
    Perm { name: "catalog.launch", zh: "设计并提交商品上市", en: "Design and submit launches" };
pub const IMPORT: Perm = Perm { name: "catalog.import", zh: "导入资费", en: "Import tariffs" };

static PRODUCTS: Api = Api { base: "/tmf-api/productCatalogManagement/v4", aliases: &[] };
static SERVICES: Api = Api { base: "/tmf-api/serviceCatalogManagement/v4", aliases: &[] };

const fn column(attribute: &'static str, column: &'static str, kind: Kind) -> Column {
    Column { attribute, column, kind }
}

const ID: Column = column("id", "id", Kind::Text);
const NAME: Column = column("name", "name", Kind::Text);
const LAST_UPDATE: Column = column("lastUpdate", "last_update", Kind::Time);
const DATED: &[Column] = &[ID, NAME, LAST_UPDATE];

const OFFERING: &[Column] =
    &[ID, NAME, LAST_UPDATE, column("family", "family", Kind::Text), column("area", "area", Kind::Text)];

const fn dated(
    api: &'static Api,
    name: &'static str,
    type_name: &'static str,
    table: &'static str,
    rules: &'static dyn http::tmf::Rules,
) -> Resource {
    Resource {
        api,
        name,
        type_name,
        table,
        columns: DATED,
        mandatory: &["name"],
        ops: Ops::ALL,
        read: READ,
        write: WRITE,
        rules,
    }
}

const fn job(api: &'static Api, name: &'static str, type_name: &'static str, table: &'static str) -> Resource {
    let ops = Ops { create: true, patch: false, delete: true };
    Resource {
        api,
        name,
        type_name,
        table,
        columns: &[ID],
        mandatory: &["url"],
        ops,
        read: READ,
        write: WRITE,
        rules: &Job,
    }
}

pub static CATALOG: Resource = dated(&PRODUCTS, "catalog", "Catalog", "product_catalog", &Dated::Plain);
pub static CATEGORY: Resource = dated(&PRODUCTS, "category", "Category", "product_category", &Dated::Plain);
pub static PRODUCT_SPECIFICATION: Resource =
    dated(&PRODUCTS, "productSpecification", "ProductSpecification", "product_specification", &Dated::Specification);
pub static PRODUCT_OFFERING_PRICE: Resource = price(&Dated::Price(Door::Api));
pub static PRODUCT_OFFERING: Resource = offering(&Offerings(Door::Api));

/// The same records, changed through other doors.
pub(crate) static IMPORTED_PRICE: Resource = price(&Dated::Price(Door::Import));
pub(crate) static IMPORTED_OFFERING: Resource = offering(&Offerings(Door::Import));
pub(crate) static LAUNCHED_PRICE: Resource = price(&Dated::Price(Door::Launch));
pub(crate) static LAUNCHED_OFFERING: Resource = offering(&Offerings(Door::Launch));

const fn price(rules: &'static Dated) -> Resource {
    dated(&PRODUCTS, "productOfferingPrice", "ProductOfferingPrice", "product_offering_price", rules)
}

const fn offering(rules: &'static Offerings) -> Resource {
    Resource {
        api: &PRODUCTS,
        name: "productOffering",
        type_name: "ProductOffering",
        table: "product_offering",
        columns: OFFERING,
        mandatory: &["name"],
        ops: Ops::ALL,
        read: READ,
        write: WRITE,
        rules,
    }
}

static PRODUCT_IMPORT_JOB: Resource = job(&PRODUCTS, "importJob", "ImportJob", "product_import_job");
static PRODUCT_EXPORT_JOB: Resource = job(&PRODUCTS, "exportJob", "ExportJob", "product_export_job");

pub static SERVICE_SPECIFICATION: Resource = dated(
    &SERVICES,
    "serviceSpecification",
    "ServiceSpecification",
    "service_specification",
    &Dated::ServiceSpecification,
);
static SERVICE_CANDIDATE: Resource = Resource {
    mandatory: &["name", "serviceSpecification"],
    ..dated(&SERVICES, "serviceCandidate", "ServiceCandidate", "service_candidate", &Dated::Plain)
};
static SERVICE_CATEGORY: Resource =
    dated(&SERVICES, "serviceCategory", "ServiceCategory", "service_category", &Dated::Plain);
static SERVICE_CATALOG: Resource =
    dated(&SERVICES, "serviceCatalog", "ServiceCatalog", "service_catalog", &Dated::Plain);
static SERVICE_IMPORT_JOB: Resource = job(&SERVICES, "importJob", "ImportJob", "service_import_job");
static SERVICE_EXPORT_JOB: Resource = job(&SERVICES, "exportJob", "ExportJob", "service_export_job");

static RESOURCES: Api =
    Api { base: "/tmf-api/resourceCatalog/v4", aliases: &["/tmf-api/resourceCatalogManagement/v4"] };
static PROMOTIONS: Api = Api { base: "/tmf-api/promotionManagement/v5", aliases: &["/tmf-api/promotionManagement/v4"] };

static RESOURCE_SPECIFICATION: Resource =
    dated(&RESOURCES, "resourceSpecification", "ResourceSpecification", "resource_specification", &Dated::Plain);
static RESOURCE_CANDIDATE: Resource =
    dated(&RESOURCES, "resourceCandidate", "ResourceCandidate", "resource_candidate", &Dated::Plain);
static RESOURCE_CATEGORY: Resource =
    dated(&RESOURCES, "resourceCategory", "ResourceCategory", "resource_category", &Dated::Plain);
static RESOURCE_CATALOG: Resource =
    dated(&RESOURCES, "resourceCatalog", "ResourceCatalog", "resource_catalog", &Dated::Plain);
static RESOURCE_IMPORT_JOB: Resource = job(&RESOURCES, "importJob", "ImportJob", "resource_import_job");
static RESOURCE_EXPORT_JOB: Resource = job(&RESOURCES, "exportJob", "ExportJob", "resource_export_job");
static PROMOTION: Resource = dated(&PROMOTIONS, "promotion", "Promotion", "promotion", &Promotions);

pub(crate) static ALL: [&Resource; 23] = [
    &RESOURCE_SPECIFICATION,
    &RESOURCE_CANDIDATE,
    &RESOURCE_CATEGORY,
    &RESOURCE_CATALOG,
    &RESOURCE_IMPORT_JOB,
    &RESOURCE_EXPORT_JOB,
    &PROMOTION,
    &qualify::QUALIFICATION,
    &qualify::CHECK,
    &qualify::QUERY,
    &CATALOG,
    &CATEGORY,
    &PRODUCT_SPECIFICATION,
    &PRODUCT_OFFERING,
    &PRODUCT_OFFERING_PRICE,
    &PRODUCT_IMPORT_JOB,
    &PRODUCT_EXPORT_JOB,
    &SERVICE_SPECIFICATION,
    &SERVICE_CANDIDATE,
    &SERVICE_CATEGORY,
    &SERVICE_CATALOG,
    &SERVICE_IMPORT_JOB,
    &SERVICE_EXPORT_JOB,
];
