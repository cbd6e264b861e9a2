-- Which tax a charge includes, by the product line of its offering: value-added services are messages, data and access to the
-- internet; basic ones are calls and the letting of circuits; goods are goods. A line of a bill keeps the category it was
-- billed with.
CREATE TABLE rate_tax_family (
    family TEXT NOT NULL PRIMARY KEY, category TEXT NOT NULL, name TEXT NOT NULL, name_en TEXT NOT NULL, source TEXT NOT NULL
);
INSERT INTO rate_tax_family (family, category, name, name_en, source) VALUES
    ('mobile', 'basic', '移动电话', 'Mobile', '财税〔2016〕36 号附注：语音通话服务为基础电信服务'),
    ('fixedVoice', 'basic', '固定电话', 'Fixed telephone', '财税〔2016〕36 号附注：语音通话服务为基础电信服务'),
    ('voip', 'basic', '网络电话', 'VoIP', '财税〔2016〕36 号附注：语音通话服务为基础电信服务'),
    ('leasedLine', 'basic', '专线', 'Leased line', '财税〔2016〕36 号附注：出租或出售带宽、波长等网络元素为基础电信服务'),
    ('group', 'basic', '群组', 'Group', '财税〔2016〕36 号附注：语音通话服务为基础电信服务'),
    ('bundle', 'basic', '融合套餐', 'Bundle', '未按产品分开核算的从高适用税率（增值税暂行条例第三条）'),
    ('broadband', 'valueAdded', '宽带', 'Broadband', '财税〔2016〕36 号附注：互联网接入服务为增值电信服务'),
    ('iptv', 'valueAdded', '电视', 'Television', '财税〔2016〕36 号附注：电子数据和信息的传输及应用服务为增值电信服务'),
    ('data', 'valueAdded', '数据业务', 'Data network', '财税〔2016〕36 号附注：电子数据和信息的传输及应用服务为增值电信服务'),
    ('content', 'valueAdded', '内容', 'Content', '财税〔2016〕36 号附注：电子数据和信息的传输及应用服务为增值电信服务'),
    ('smartHome', 'valueAdded', '智能家居', 'Smart home', '财税〔2016〕36 号附注：电子数据和信息的传输及应用服务为增值电信服务'),
    ('option', 'valueAdded', '附加产品', 'Option', '财税〔2016〕36 号附注：短信、流量与信息应用为增值电信服务；语音包可由经营者改列'),
    ('consulting', 'modern', '咨询服务', 'Consulting', '财税〔2016〕36 号附注：现代服务，鉴证咨询与信息技术服务'),
    ('device', 'goods', '终端', 'Device', '财政部 税务总局 海关总署公告 2019 年第 39 号：销售货物 13 %');
INSERT INTO rate_tax (category, valid_from, permille, name, name_en, source) VALUES
    ('goods', '2019-04-01', 130, '销售货物', 'Goods', '财政部 税务总局 海关总署公告 2019 年第 39 号'),
    ('goods', '2018-05-01', 160, '销售货物', 'Goods', '财税〔2018〕32 号'),
    ('modern', '2016-05-01', 60, '现代服务', 'Modern services', '财税〔2016〕36 号');
