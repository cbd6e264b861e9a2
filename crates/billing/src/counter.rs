//! The counter: find what somebody owes, take the money, undo a mistake, count the drawer.

mod campaigns;
mod day;
pub mod demo;
mod deposit;
mod desk;
pub mod drawer;
mod hand_over;
mod money;
pub mod shift;

pub use desk::{customer_line, shown_number};

use crate::perms;
use http::{Access, Route};
use serde_json::json;

pub fn routes() -> Vec<Route> {
    let (read, take) = (Access::Needs(perms::PAYMENT_READ), Access::Needs(perms::PAYMENT_TAKE));
    let (reverse, shift) = (Access::Needs(perms::PAYMENT_REVERSE), Access::Needs(perms::SHIFT));
    let mut routes = money::routes();
    routes.extend(campaigns::routes());
    routes.extend([
        Route::get("/api/v1/counter/dues", read, desk::dues)
            .doc("What a customer owes, found by number, account or customer number")
            .parameter("q", "telephone, account or customer number, or name")
            .parameter("customerId", "the customer, where it is known already"),
        Route::post("/api/v1/counter/payments", take, desk::pay).doc("Take a payment: oldest bill first, the rest to the balance").body(
            json!({"customerId": "", "amountFen": 10000, "method": "cash", "tenderedFen": 10000, "reference": "", "note": ""}),
        ),
        Route::get("/api/v1/counter/payments", read, desk::payments)
            .doc("Payments of a day")
            .parameter("date", "the business day, today by default")
            .parameter("operator", "id of the staff member, or `me`"),
        Route::post("/api/v1/counter/payments/{id}/reverse", reverse, desk::reverse)
            .doc("Reverse a payment by a new negative record")
            .body(json!({"reason": ""})),
        Route::get("/api/v1/counter/receipts/{id}", read, desk::receipt).doc("What a receipt says"),
        Route::get("/api/v1/counter/shift", shift, day::current).doc("The caller's shift and what it has taken"),
        Route::get("/api/v1/counter/shifts", shift, day::list)
            .doc("Shifts of a day in the caller's scope")
            .parameter("date", "the business day, today by default"),
        Route::post("/api/v1/counter/shift/open", shift, day::open).doc("Open a shift").body(json!({"floatFen": 0})),
        Route::post("/api/v1/counter/shift/close", shift, day::close)
            .doc("Count the drawer and close the shift")
            .body(json!({"countedFen": {"cash": 0, "transfer": 0}, "reason": ""})),
        Route::post("/api/v1/counter/shifts/{id}/close", Access::Needs(perms::SHIFT_CLOSE_ANY), day::close_for)
            .doc("Count the drawer of a cashier who cannot, and close the shift")
            .body(json!({"countedFen": {"cash": 0}, "reason": ""})),
        Route::get("/api/v1/counter/hand-overs", shift, hand_over::list)
            .doc("Cash handed over in the caller's hall")
            .parameter("date", "the business day, today by default"),
        Route::post("/api/v1/counter/hand-overs", shift, hand_over::offer)
            .doc("Offer cash of the own drawer to a colleague")
            .body(json!({"cashFen": 10000, "note": ""})),
        Route::post("/api/v1/counter/hand-overs/{id}/{verb}", shift, hand_over::answer)
            .doc("accept, refuse or withdraw")
            .body(json!({})),
    ]);
    routes
}
