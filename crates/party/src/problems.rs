//! What can be wrong with a person or an organisation, and what can stand against somebody's name.

kernel::codes! {
    CERTIFICATE_INVALID = "certificate.invalid", 400, "证件号码无效：{zh}", "Not a valid certificate number: {en}", "请对照证件核对号码与证件类型", "Compare number and type with the certificate";
    MASKED = "field.masked", 400, "{field} 是遮盖后的内容，不能保存", "{field} is a masked value and cannot be stored", "请填写完整内容，或去掉该项以保持原值", "Give the full value, or leave the attribute out to keep the present one";
    NO_CERTIFICATE = "realname.no_certificate", 422, "客户没有有效证件，不能办理该业务", "The customer has no valid certificate on record: this cannot be done", "请先登记并核验有效证件（无证件不得办理入网）", "Enter and verify a valid certificate first; without one no service is given";
    CERTIFICATE_EXPIRED = "realname.certificate_expired", 422, "客户证件已过有效期", "The customer's certificate has expired", "请客户出示新证件并更新资料", "Ask for the new certificate and bring the record up to date";
    VERIFICATION_MISSING = "realname.verification_missing", 422, "该业务须当面核验证件", "This needs the certificate to be verified now", "请先完成实名核验", "Verify the certificate first";
    VERIFICATION_UNKNOWN = "realname.verification_unknown", 422, "没有该核验记录：{value}", "There is no such verification: {value}", "请重新核验", "Verify again";
    VERIFICATION_EXPIRED = "realname.verification_expired", 422, "实名核验已超过 {minutes} 分钟", "The verification is older than {minutes} minutes", "请重新核验", "Verify again";
    VERIFICATION_FAILED = "realname.verification_failed", 422, "实名核验未通过", "The verification did not pass", "请按核验结果处理后重新核验", "Deal with its findings, then verify again";
    OTHER_CERTIFICATE = "realname.other_certificate", 422, "核验的证件与办理人的证件不是同一证件", "Another certificate was verified than the one this business is for", "请核验客户本人的证件；代办须同时核验代办人证件", "Verify the customer's own certificate; a proxy shows both";
    ROLE = "realname.role", 422, "核验的身份是“{value}”，不能用于此处", "The verification was made for the role {value}: it does not serve here", "请按正确的身份重新核验", "Verify again in the right role";
    SAME_PERSON = "realname.same_person", 422, "代办人或监护人须使用本人的另一证件", "A proxy or guardian must show a certificate of their own", "请核验代办人（监护人）本人的证件", "Verify the proxy's or guardian's own certificate";
    GUARDIAN = "realname.guardian_required", 422, "未满 {age} 周岁，须由监护人陪同并核验监护人证件", "Younger than {age}: a guardian must come along and be verified", "请先以“监护人”身份核验监护人证件", "Verify the guardian first, in the role guardian";
    TOO_YOUNG = "realname.too_young", 422, "代办人或监护人未满 {age} 周岁", "The proxy or guardian is younger than {age}", "请由成年人办理", "An adult has to come";
    CONSENT = "realname.consent", 422, "人脸比对须取得客户单独同意", "Comparing a face needs the person's separate consent", "请客户阅读告知书并单独同意；不同意的可改用其他核验方式", "Let the person read the notice and consent; who does not may be verified in another way";
    FACE_MISMATCH = "realname.face_mismatch", 422, "人脸与证件照片不符（相似度 {score}‰，要求 {limit}‰）", "The face does not fit the certificate ({score}‰, {limit}‰ needed)", "请重新拍摄，或改由人工核验并上报", "Take another picture, or verify by hand and report it";
    NOT_ALIVE = "realname.not_alive", 422, "未通过活体检测", "The liveness check did not pass", "请本人面对摄像头重新拍摄", "The person has to face the camera again";
    CERTIFICATE_OVER = "realname.card_expired", 422, "证件已于 {value} 到期", "The certificate expired on {value}", "请客户出示有效证件", "Ask for a valid certificate";
    BIRTH_DATE = "realname.birth_date", 422, "出生日期与证件号码不符", "The date of birth is not the one in the certificate number", "请对照证件核对", "Compare with the certificate";
    NAME_DIFFERS = "realname.name_differs", 422, "证件姓名与客户姓名不符", "The name on the certificate is not the customer's", "请核对；确已改名的请先办理更名", "Compare them; if the customer was renamed do that business first";
    READER_UNKNOWN = "realname.reader_unknown", 422, "没有读卡器 {value}", "There is no card reader {value}", "请选择本厅的读卡器，或改用人工录入", "Choose a reader of this hall, or type the certificate in";
    READER_EMPTY = "realname.reader_empty", 409, "读卡器 {value} 上没有证件", "There is no certificate on the reader {value}", "请放好证件后重试", "Put the certificate on the reader and try again";
    READER_BROKEN = "realname.reader_broken", 409, "读卡器 {value} 返回的内容无法识别", "The reader {value} gave something that is no certificate", "请重新放置证件；若仍失败请改用人工录入并报修", "Place the certificate again; if it persists type it in and report the reader";
    FACE_UNAVAILABLE = "realname.face_unavailable", 409, "人脸比对服务没有该照片的结果", "The face check has no result for this picture", "请重新拍摄，或改用其他核验方式", "Take another picture, or verify in another way";
    RULE_LEVEL = "realname.level", 400, "实名要求只能是 none、certificate 或 verification", "The level is none, certificate or verification", "请更正", "Correct it";
}
