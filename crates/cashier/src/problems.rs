//! What can be refused behind the counter, in words that an auditor can act on.

kernel::codes! {
    SHEET_STATE = "audit.state", 409, "稽核单当前状态（{state}）不能{verb}", "A sheet in state {state} does not allow this", "请刷新后查看状态", "Reload and look at its state";
    TOO_EARLY = "audit.too_early", 409, "{name}自 {day} 起办理", "{nameEn} begins on {day}", "请到期后再稽核", "Audit it from that day on";
    SHIFTS_OPEN = "audit.shifts_open", 409, "还有 {count} 个班未轧账", "{count} shifts have not been closed", "请收款员轧账，或由有权人代为轧账", "Let the cashiers close them, or close them for them";
    EARLIER_OPEN = "audit.earlier_open", 409, "{day} 的稽核单尚未通过营业厅稽核", "The sheet of {day} has not passed the hall's audit", "请按日期先后稽核", "Audit the days in their order";
    UNCHECKED = "audit.unchecked", 409, "还有 {count} 项未核对", "{count} items have not been checked", "请逐项核对收款员和缴款单", "Check each cashier and each slip";
    QUERIED = "audit.queried", 409, "有 {count} 项核对有疑问", "{count} items are questioned", "请查清后改为无误，或退回下级", "Clear them up, or return the sheet";
    DIFFERENCE_NOTE = "audit.difference_note", 409, "{name} 有长短款，稽核意见不能为空", "{name} was over or short: the audit needs a note", "请在该收款员的核对意见中说明", "Write the finding with that cashier's check";
    SLIPS_DIFFER = "audit.slips_differ", 409, "{method}应缴 {held} 元，缴款单合计 {slips} 元", "{methodEn}: {held} yuan are to be banked, the slips come to {slips}", "请补录或更正缴款单，两者必须相等", "Enter or correct slips until both are equal";
    OWN_TAKINGS = "audit.own_takings", 403, "不能稽核自己当日的收款", "Nobody audits their own takings", "请由另一人稽核", "Somebody else must do it";
    OTHER_LEVEL = "audit.other_level", 403, "您已在其他级稽核过此单", "You have audited this sheet at another level", "每一级由不同的人稽核", "Each level is audited by another person";
    RETURN_REASON = "audit.reason_needed", 422, "退回必须说明原因", "A return needs a reason", "请填写退回原因", "Give the reason";
    NO_SHIFTS = "audit.no_shifts", 404, "该厅当日没有收款", "No money was taken there on that day", "请核对营业厅和日期", "Check the hall and the day";
    SLIP_KNOWN = "slip.known", 409, "缴款单 {value} 已录入", "Slip {value} has been entered already", "同一张缴款单只能录入一次", "A slip is entered once";
    SLIP_CODE = "slip.audit_code", 422, "缴款单上的稽核码与本日不符", "The audit code on the slip is not that of this day", "本日稽核码为 {value}", "The code of this day is {value}";
    SLIP_PERSONS = "slip.two_persons", 422, "现金缴款须由两人办理", "Two persons bank cash", "请填写两个不同的姓名", "Name two different persons";
    AGREEMENT_EXISTS = "collection.agreement_exists", 409, "该账户已有托收协议", "The account has an agreement already", "请先终止原协议", "End that one first";
    AGREEMENT_ENDED = "collection.agreement_ended", 409, "该托收协议已终止", "The agreement has ended", "无需再次终止", "Nothing is left to do";
    BANK_ACCOUNT = "collection.bank_account", 422, "银行账号格式不正确", "The bank account is not well formed", "请输入 8–32 位数字", "Enter 8 to 32 digits";
    NOTHING_DUE = "collection.nothing_due", 409, "没有可托收的欠费", "Nothing is due that could be collected", "请核对银行、账期和协议", "Check bank, cycle and agreements";
    BATCH_STATE = "collection.state", 409, "托收批次当前状态（{state}）不能{verb}", "A batch in state {state} does not allow this", "请刷新后查看状态", "Reload and look at its state";
    FILE_KNOWN = "collection.file_known", 409, "该文件已于 {at} 收入", "This file was taken in at {at}", "同一文件只处理一次；请核对文件", "A file is taken once; check which one you mean";
    FILE_SERIAL = "collection.file_serial", 409, "批次 {batch} 的回盘序号 {serial} 已收入且内容不同", "Result {serial} of batch {batch} was taken in with other content", "请银行换序号重发", "Ask the bank to send it under another serial";
    FILE_FORMAT = "collection.file_format", 422, "文件第 {line} 行格式不符：{detail}", "Line {line} of the file is not well formed: {detail}", "请核对文件格式说明", "See the description of the format";
    FILE_BATCH = "collection.file_batch", 422, "没有批次 {value}", "There is no batch {value}", "请核对批次号", "Check the number of the batch";
    FILE_TOTALS = "collection.file_totals", 422, "文件合计与明细不符：{detail}", "The totals of the file do not fit its lines: {detail}", "请银行重发", "Ask the bank to send it again";
    FILE_RESULT = "collection.no_such_result", 422, "没有可冲回的回盘 {value}", "There is no result {value} that could be taken back", "请核对原回盘序号", "Check the serial of the result";
    FILE_REVERSED = "collection.already_reversed", 409, "回盘 {value} 已冲回", "Result {value} has been taken back already", "无需再次冲回", "Nothing is left to do";
    FILE_BUSY = "collection.file_busy", 409, "该回盘仍在入账", "The result is still being booked", "请稍后再试", "Try again in a moment";
    ENCODING = "collection.encoding", 422, "无法按 {value} 读写该文件", "The file cannot be read or written as {value}", "请选择 UTF-8 或 GBK", "Choose UTF-8 or GBK";
    CARD_WRONG = "recharge.wrong", 422, "卡号或密码不正确", "Card number or PIN is wrong", "请核对后再试，还可试 {left} 次", "Check them and try again; {left} tries are left";
    CARD_LOCKED = "recharge.locked", 423, "多次输错，已锁定", "Too many wrong tries: locked", "请持卡到营业厅核验后解锁", "Bring the card to a hall to have it unlocked";
    CARD_USED = "recharge.used", 409, "该充值卡已使用", "The card has been used", "请核对卡号；充值记录见账户明细", "See the record of the account";
    CARD_EXPIRED = "recharge.expired", 409, "该充值卡已过期", "The card has expired", "请联系客服", "Ask customer service";
    CARD_INACTIVE = "recharge.inactive", 409, "该充值卡未激活或已作废", "The card is not active", "请到购卡处激活", "Have it activated where it was bought";
    CARD_STATE = "recharge.state", 409, "充值卡当前状态（{state}）不能{verb}", "Cards in state {state} do not allow this", "请刷新后查看状态", "Reload and look at their state";
    CARDS_MANY = "recharge.too_many", 422, "每批最多 {value} 张", "A batch has at most {value} cards", "请分批制作", "Make several batches";
    CARD_FACE = "recharge.face", 422, "面值不被接受：{value}", "Not a face value: {value}", "面值为 10–1000 元的整元", "Face values are whole yuan from 10 to 1,000";
    CARD_DAY = "recharge.valid_to", 422, "有效期须在今天之后", "Cards must be valid beyond today", "请更正有效期", "Correct the day";
    PINS_GONE = "recharge.pins_fetched", 409, "该批密码已导出，不再保存", "The PINs were fetched and are kept no more", "如遗失请作废该批重制", "If they are lost, void the batch and make another";
    NUMBER_NOBODY = "recharge.nobody", 404, "没有找到可充值的号码或账户：{value}", "No number or account to recharge: {value}", "请核对号码", "Check the number";
    DIFFERENCE_STATE = "moneycheck.state", 409, "该差异已处理", "The difference has been handled", "请刷新后查看", "Reload and look again";
    DIFFERENCE_REASON = "moneycheck.reason_needed", 422, "请说明差异原因", "A difference needs a reason", "请填写查明的原因", "Write what was found";
}
