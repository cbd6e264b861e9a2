//! What can be wrong with a person or an organisation.

kernel::codes! {
    CERTIFICATE_INVALID = "certificate.invalid", 400, "证件号码无效：{zh}", "Not a valid certificate number: {en}", "请对照证件核对号码与证件类型", "Compare number and type with the certificate";
    MASKED = "field.masked", 400, "{field} 是遮盖后的内容，不能保存", "{field} is a masked value and cannot be stored", "请填写完整内容，或去掉该项以保持原值", "Give the full value, or leave the attribute out to keep the present one";
}
