//! Which product line a published tariff belongs to. Published files mix plans, packs, discounts, devices and fees.

use crate::Family;

/// What the figures of the row say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    pub mobile: bool,
    pub broadband: bool,
    pub television: bool,
}

/// Words of something offered to those who have a plan already, or take one on conditions.
const PROMOTION: [&str; 11] = ["活动", "签约", "承诺", "优惠", "减免", "赠", "升档", "办理", "享每月", "月享", "折后"];

/// Words of a service or an extra on something the customer has already.
const EXTRA: [&str; 36] = [
    "包含",
    "优惠",
    "减免",
    "提速",
    "升速",
    "移机",
    "初装",
    "押金",
    "预存",
    "加装",
    "调测",
    "组网",
    "升级包",
    "活动",
    "享好礼",
    "赠送",
    "赠费",
    "礼包",
    "福袋",
    "会员",
    "升档",
    "承诺",
    "签约",
    "续约",
    "接续",
    "合约",
    "权益",
    "延保",
    "体验",
    "信用购",
    "分期",
    "话费",
    "低消",
    "路由器",
    "FTTR",
    "叠加",
];
const DEVICE: [&str; 18] = [
    "购机",
    "终端",
    "AI豆",
    "5G金币",
    "路由器",
    "摄像头",
    "云台",
    "枪机",
    "球机",
    "平板",
    "手表",
    "机顶盒",
    "音箱",
    "云盒",
    "门铃",
    "学习机",
    "FTTR一套",
    "灵犀屏",
];

fn any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|w| text.contains(w))
}

/// The name without what stands in brackets: conditions and versions mislead.
fn bare(name: &str) -> String {
    let mut depth = 0_usize;
    let keep = |c: &char| {
        match c {
            '(' | '（' | '【' => depth += 1,
            ')' | '）' | '】' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    let bare: String = name.chars().filter(keep).collect();
    if bare.trim().is_empty() { name.to_owned() } else { bare }
}

/// Decides by the figures first, then by the name, and by the category only where the name says nothing.
pub fn family(name: &str, category: &str, figures: Figures) -> Family {
    let name = &*bare(name);
    let promotion = any(name, &PROMOTION);
    let extra = promotion || any(name, &EXTRA);
    let device = any(name, &DEVICE) || (category.contains("终端") && !figures.mobile && !figures.broadband);
    if device {
        return Family::Device;
    }
    if figures.mobile && figures.broadband {
        return if promotion || (extra && !name.contains("套餐")) { Family::Option } else { Family::Bundle };
    }
    let card = name.contains('卡') && !any(name, &["副卡", "信用卡", "银行卡"]);
    let pack = any(name, &["流量包", "语音包", "模组", "加油包", "副卡"]);
    let fused = any(name, &["融合", "全家享", "三合一"]) && name.contains("套餐");
    if fused && !extra {
        return Family::Bundle;
    }
    let television = figures.television || any(&name.to_uppercase(), &["IPTV", "电视", "高清", "超清", "魔百"]);
    if television && !figures.mobile && !figures.broadband && !name.contains("宽带") {
        return if any(name, &["会员", "优惠", "减免", "活动", "加装包", "影视包", "看家", "云存"]) {
            Family::Option
        } else {
            Family::Iptv
        };
    }
    let broadband = any(name, &["宽带", "独宽", "光网", "FTTH"]) || (figures.broadband && !figures.mobile);
    if broadband && !figures.mobile {
        return if extra || !(figures.broadband || any(name, &["M宽带", "兆宽带", "包年", "年包", "月套餐"]))
        {
            Family::Option
        } else {
            Family::Broadband
        };
    }
    if figures.mobile && !extra && !pack && (card || name.contains("套餐") || !any(name, &["包", "流量"])) {
        return Family::Mobile;
    }
    Family::Option
}

/// The parts of a bundle: what the figures show, and at least telephone and broadband.
pub fn parts(name: &str, services: &str, figures: Figures) -> Vec<&'static str> {
    let shows_television = figures.television
        || any(&format!("{name} {services}").to_uppercase(), &["IPTV", "移动高清", "超清电视", "魔百和", "高清电视"]);
    let mut parts = vec!["part-mobile", "part-broadband"];
    if shows_television {
        parts.push("part-iptv");
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_names_fall_into_their_product_line() {
        let f = |mobile, broadband| Figures { mobile, broadband, television: false };
        for (name, category, figures, expected) in [
            ("79元全家享套餐", "全家享套餐", f(true, true), Family::Bundle),
            ("家庭惠享套餐（128元）", "家庭惠享系列", f(true, true), Family::Bundle),
            ("全球通大流量套餐98元（达量不限速）", "大流量套餐", f(true, false), Family::Mobile),
            ("动感地带芒果卡（青春版59元）", "动感地带芒果卡", f(true, false), Family::Mobile),
            ("79元300M群组宽带-宽带资费", "群组宽带-宽带资费", f(false, true), Family::Broadband),
            ("家庭宽带_手机宽带50M月套餐(省统)", "手机宽带一基础月租", f(false, false), Family::Broadband),
            ("100元宽带移机费（一次性扣话费）", "家庭业务（套餐）", f(false, false), Family::Option),
            ("承诺使用宽带12个月享受600M提速（到期恢复原速率）", "融合宽带存量优惠", f(false, true), Family::Option),
            ("IPTV电视基础包10元", "IPTV", f(false, false), Family::Iptv),
            ("新版智选积木套餐流量包（200元200GB）", "组合类套餐", f(true, false), Family::Option),
            ("动感地带芒果卡·流量版-59元档", "动感地带芒果卡", f(true, false), Family::Mobile),
            ("新入网并办理39元潮玩芒果套餐48个月享每月200GB国内通用流量", "个人业务", f(true, false), Family::Option),
            ("签约套餐享优惠升级活动", "套餐", f(true, true), Family::Option),
            ("智慧电视畅享年包750元（未办宽带）", "电视", f(false, false), Family::Iptv),
            ("自建FTTH标准200M包年（优惠购宽带）", "宽带", f(false, true), Family::Broadband),
            ("10GB流量包", "流量包", f(true, false), Family::Option),
            ("5G金币购机（预存话费版）：套餐599元", "5G金币购机", f(false, false), Family::Device),
            ("开扩孔", "家企宽延伸服务收费项目", f(false, false), Family::Option),
        ] {
            assert_eq!(family(name, category, figures), expected, "{name}");
        }
    }
}
