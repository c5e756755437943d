"""How figures are written: shapes of money, percentages, units, dates, times, addresses and codes, in Chinese and English."""

import re

from bot.answering.numerals import BIG_WORD, NUMBER, WORD

MONTHS = {m: i + 1 for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])}
SYMBOL = r"(?:us\$|hk\$|nt\$|ca\$|au\$|nz\$|mx\$|a\$|s\$|c\$|r\$|jp¥|cn¥|rmb|usd|eur|gbp|cny|jpy|cad|aud|hkd|chf|krw|inr|sgd|twd|nzd|sek|nok|dkk|pln|€|£|¥|\$|₩|₹|₽|₺|฿|₫|₱)"
CURRENCIES = {
    "us$": "USD", "hk$": "HKD", "nt$": "TWD", "ca$": "CAD", "c$": "CAD", "au$": "AUD", "a$": "AUD", "nz$": "NZD", "mx$": "MXN", "s$": "SGD",
    "r$": "BRL", "jp¥": "JPY", "cn¥": "CNY", "rmb": "CNY", "€": "EUR", "£": "GBP", "¥": "¥", "$": "$", "₩": "KRW", "₹": "INR", "₽": "RUB",
    "₺": "TRY", "฿": "THB", "₫": "VND", "₱": "PHP",
}  # fmt: skip
MONEY_WORDS = (
    ("USD", r"美元|美金|美刀|刀(?![具身片头锋刃架口法工])|us dollars?"), ("$", r"dollars?|bucks?"), ("EUR", r"欧元|euros?"), ("GBP", r"英镑|pounds sterling|quid"),
    ("HKD", r"港币|港元|港纸"), ("TWD", r"新?台币"), ("JPY", r"日元|日圆|yen"), ("KRW", r"韩元|won(?![a-z'])"), ("AUD", r"澳元|澳币"), ("CAD", r"加元|加币"),
    ("SGD", r"新加坡元|新币"), ("CNY", r"元人民币|人民币|块钱|元(?!素)|块(?=[^肉状])|块$|yuan|renminbi|大洋"), ("CENT", r"cents?|美分"),
)  # fmt: skip
MONEY_AFTER = re.compile(rf"\s*-?(?:{'|'.join(f'(?P<c{i}>{p})' for i, (_, p) in enumerate(MONEY_WORDS))}|(?P<sym>{SYMBOL}))(?![a-z])")
MONEY_BEFORE = re.compile(rf"(?<![a-z])(?P<sym>{SYMBOL}|人民币|美元|美金)\s*(?P<sign>-)?\s*(?P<n>{NUMBER})")
PRICE_VERB = re.compile(
    r"(?:\bcosts?(?: you)?|\bpriced? (?:at|is|of)|\bprice\b[^.\d]{0,12}|\bpay(?:s|ing)?|\bsells? for|\bfor (?:just|only)|\bgoes for|售价|价格|单价|定价|现价|原价|只要|只需|仅需|仅售|卖|到手价?|才|单价)"
    r"(?:\s*(?:is|was|are|of|at|only|just|about|around|under|:|是|为|仅|只|约|到|成|降至|降到|a mere)\s*)*\s*$"
)
URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'，。；）)】]+|(?<![a-z0-9_@.-])(?:[a-z0-9-]+\.)+(?:com|cn|net|org|shop|store|io|co|app|me|top|xyz|info|biz|vip|link|ly|example|dev|ai|uk|de|eu)(?:/[^\s<>\"'，。；）)】]*)?(?![a-z0-9_-])"
)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
PHONE = re.compile(
    r"(?<![\w.])(?:\+\d[\d\s().-]{6,}\d|\(?\d{3}\)?[\s-]\d{3}[\s-]\d{4}|[48]00[\s-]?\d{3,4}[\s-]?\d{3,4}|1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0\d{2,3}[\s-]\d{7,8})(?![\w])"
)
MONTH = r"(?P<mon>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
DATES = (
    re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?:(?P<y>\d{4}|\d{2})\s?年\s?)?(?P<m>\d{1,2}|十[一二]?|[一二三四五六七八九])\s?月(?!光|饼|度)(?:份|底|初|中旬|末)?(?:\s?(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})\s?[日号])?"),
    re.compile(rf"(?<![a-z\d])(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}(?![a-z])(?:,?\s+(?P<y>\d{{4}}))?"),
    re.compile(rf"(?<![a-z]){MONTH}(?![a-z])\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d.%])(?:,?\s+(?P<y>\d{{4}}))?"),
    re.compile(rf"(?<![a-z])(?!may\b|mar\b){MONTH}(?![a-z])(?:,?\s+(?P<y>\d{{4}}))?(?P<d>)"),
    re.compile(r"(?P<y>(?:19|20)\d{2})\s?年(?P<m>)(?P<d>)"),
    re.compile(r"(?<![\d-])(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})(?!\d)"),
)  # fmt: skip
TIME = re.compile(
    r"(?<![\d.:])(?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)(?!\d)(?:\s?(?P<ap>[ap])\.?m\b\.?)?"
    r"|(?<![\d.])(?P<h2>1[0-2]|0?[1-9])\s?(?P<ap2>[ap])\.?m\b\.?"
    r"|(?:(?P<zh>上午|下午|晚上|早上|中午|凌晨|傍晚|今晚|每晚)\s?)(?P<h3>\d{1,2}|[一二两三四五六七八九十]{1,3})\s?[点时](?P<half>半)?"
    r"|(?<![\d.])(?P<h4>\d{1,2}|[一二两三四五六七八九十]{2,3})\s?点(?P<half2>半|钟)"
)
DAYS = (
    ("mon", r"mondays?|周一|星期一|礼拜一"), ("tue", r"tuesdays?|周二|星期二|礼拜二"), ("wed", r"wednesdays?|周三|星期三|礼拜三"),
    ("thu", r"thursdays?|周四|星期四|礼拜四"), ("fri", r"fridays?|周五|星期五|礼拜五"), ("sat", r"saturdays?|周六|星期六|礼拜六"),
    ("sun", r"sundays?|周日|周天|星期[日天]|礼拜天"), ("weekend", r"weekends?|周末"),
    ("next_day", r"tomorrow|overnight|next[ -]day|明天|明日|次日|隔日|隔天"),
    ("next_business_day", r"next[ -](?:business|working)[ -]day|次一工作日|下一?个?工作日"), ("day_after", r"后天"),
    ("today", r"tonight|same[ -]day|今晚|当日达|当天|当日|今日达|今天(?=[^.。!?]{0,6}(?:发|到|送))|today(?=[^.!?]{0,20}(?:ship|deliver|dispatch|arriv))|(?:ships?|deliver\w*|dispatch\w*|arrives?|leaves?)\b[^.!?]{0,20}\btoday"),
    ("next_week", r"next week|下周|下个?星期|下礼拜"), ("this_week", r"this week|本周|这周|by the end of the week"), ("next_month", r"next month|下个?月"),
    ("this_month", r"this month|本月|月底"), ("holiday", r"christmas|new year|black friday|cyber monday|singles'? day|双十一|双11|双十二|(?<![\d.,¥￥$€£-])618(?!\d|[.,]\d|\s?(?:元|块|件|克|g|kg|ml|mm|cm|usd|eur|gbp|cny)\b|元|块|件|克)|圣诞|元旦|国庆|中秋|春节|情人节|valentine'?s"),
    ("days_left", r"last chance|ends soon|limited[ -]time|for a limited time|限时|最后一天|最后机会|仅限今天|today only|今日特价"),
)  # fmt: skip
DAY = re.compile("|".join(rf"(?P<{name}>(?<![a-z])(?:{pattern})(?![a-z]))" for name, pattern in DAYS))
PERCENT = re.compile(
    rf"(?<![$€£¥])(?P<a>{NUMBER})\s*(?:%|percent|per cent|pct|个百分点)?\s*(?:-|~|to|至|到)\s*(?P<b>{NUMBER})\s*(?:%|percent\b|per cent\b|pct\b|个百分点)|(?P<n>{NUMBER})\s*(?:%|percent\b|per cent\b|pct\b|个百分点)|百分之\s*(?P<z>{NUMBER})"
)
FOLD_OFF = re.compile(
    r"(?P<n>\d(?:\.\d+)?|\d{2}|[一二三四五六七八九]{1,2}(?:点[一二三四五六七八九])?)\s?折(?!叠|合|算|扣|射|返|旧|断|痕|起|边|好)"
)
TENTHS = re.compile(r"(?P<n>[一二两三四五六七八九]|\d)成(?!为|功|份|分|本|品|交|立|长|员|人|都|色|套|型)")
PARTS_OFF = (
    (
        50.0,
        re.compile(r"half[ -]price|half[ -]off|half (?:the|its|of the) (?:usual |normal |list |regular )?price|50[ -]off|半价|对折|腰斩"),
    ),
    (25.0, re.compile(r"(?:a |one )?quarter off|quarter of the price off")),
    (100 / 3, re.compile(r"(?:a |one )third off")),
    (50.0, re.compile(r"buy[ -](?:one|1)[, -]*get[ -](?:one|1)|bogo\b|2[ -]for[ -]1|two[ -]for[ -]one|买一送一|买1送1|第二件半价")),
)
BUSINESS = re.compile(r"\s*-?(?:个)?(?:business[ -]days?|working[ -]days?|工作日)")
SPELLED = (
    "mg|毫克|grams?|g|克|kgs?|kilos?|kilograms?|公斤|千克|lbs?|pounds?|磅|oz|ounces?|盎司|斤|mm|毫米|millimet[er]{2}s?|cm|厘米|公分|centimet[er]{2}s?|"
    "m|met[er]{2}s?|米|km|公里|kilomet[er]{2}s?|inch(?:es)?|英寸|寸|ft|feet|foot|英尺|尺|yards?|miles?|英里|ml|毫升|millilit[er]{2}s?|cl|l|lit[er]{2}s?|"
    "升|公升|fl\\.? ?oz|gallons?|加仑|pints?|cups?|m²|㎡|平方米|平米|毫秒|ms|sec(?:onds?)?|s|秒钟?|min(?:ute)?s?|分钟|h|hrs?|hours?|个?小时|个?钟头|days?|天|日|"
    "weeks?|周|个?星期|个?礼拜|months?|个月|yrs?|years?|周年|年|°c|℃|° c|degrees? celsius|celsius|摄氏度|°f|℉|degrees? fahrenheit|fahrenheit|华氏度|k|kelvin|w|"
    "watts?|瓦特?|kw|千瓦|hp|wh|瓦时|kwh|mah|毫安时?|ah|v|volts?|伏特?|ma|a|amps?|安培|hz|khz|mhz|ghz|赫兹|kb|mb|gb|tb|lm|lumens?|流明|db|decibels?|分贝|"
    "pa|kpa|bars?|psi|km/h|mph|m/s|rpm|转/分钟?|gsm|g/m²|g/㎡|克/平方米|mp|万像素|decades?|世纪"
)
UNIT = re.compile(rf"\s*-?\s*(?P<u>{'|'.join(sorted(SPELLED.split('|'), key=len, reverse=True))})(?![a-z0-9/²]|-\d)")
DEGREES = re.compile(r"\s*-?(?P<u>度(?!电|数|假)|degrees?(?![a-z]))")
INCH_IN = re.compile(r"\s*-?(?:in(?=\s*(?:$|[.,;)\]x×]|screen|laptop|display))|\"|″)")
PAIR = re.compile(rf"(?P<a>{NUMBER})(?P<ua>\s*(?:{SPELLED})(?![a-z]))?\s*(?P<j>-|~|to|至|到|and|x|×|\*)\s*(?P<b>{NUMBER})")
THREE = re.compile(rf"\s*[x×*]\s*(?P<c>{NUMBER})")
SINGLE = re.compile(rf"(?P<n>{NUMBER})")
CODE = re.compile(r"(?<![\w@.-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*(?![\w@])", re.ASCII)
AND_A_HALF = re.compile(r"(?<![a-z])(?:an?|one) (?P<u>hour|day|week|month|year|litre|liter|metre|meter|kilo) and a half(?![a-z])")
STANDARD = re.compile(
    r"(?<![a-z0-9])(en|iso|din|astm|iec|bs|jis|gb/t|gb|ul|ansi|oeko-tex|as/nzs|nfpa|mil-std)[ -]?(?:iso[ -]?)?(\d{2,6})(?!\d)"
)
SHOUT = re.compile(r"(?<![A-Za-z0-9-])[A-Z]{5,}(?![A-Za-z0-9])")
NAMED_CODE = re.compile(
    r"(?:(?:code|coupon|voucher)s?\b\s*(?:is|:|named|called)?|优惠码|折扣码|券码|口令|暗号|兑换码|优惠券)\s*[\"'“”‘’:：「『]*\s*(?P<c>[A-Z][A-Za-z0-9]{2,}|[A-Z0-9]{3,})"
)
ORDINAL = re.compile(r"^\d+(?:st|nd|rd|th)$", re.IGNORECASE)
MEASURE_WORD = re.compile(r"\s?(?:[个款种件只条双台把块张套盒包瓶样支颗位人名组档年天次步项]|types?|倍|分(?!钟)|颗?星|[-+]?fold|times)")
TIMES = re.compile(r"(?<![a-z])(?:twice|double[ds]?|triple[ds]?|half as)(?![a-z])|翻倍|翻一番|减半|一半")
VAGUE = re.compile(
    r"(?<![a-z])(?:dozens|hundreds|thousands|millions|billions)(?: of)?(?![a-z])|(?:数|上|成|几)[百千万亿]+|百万|千万(?=[^别不要])|亿万"
)
ANY = re.compile(
    rf"[\d%@$€£¥₩]|[零〇一二两三四五六七八九十百千万亿半]|折|成|://|www\.|{WORD}|{BIG_WORD}|half|third|quarter|twice|double|triple|bogo|get one"
    rf"|\.(?:com|cn|net|org|shop|store|io|co|app)\b|周|星期|礼拜|明|次日|隔|后天|今|当|下|本|月|限时|最后|圣诞|春节|中秋|国庆|元旦|情人|{DAY.pattern}|code|coupon|voucher|优惠|[a-z]{{5,}}"
)
