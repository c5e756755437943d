"""Words for colours."""

import re

_COLOUR_WORDS = (
    "black|黑色", "white|白色", "red|红色", "blue|蓝色", "green|绿色", "yellow|黄色", "pink|粉色|粉红色", "purple|紫色", "orange|橙色|橘色", "brown|棕色|咖啡色", "gr[ae]y|灰色",
    "beige|米色", "gold(?:en)?|金色", "silver|银色", "navy|藏青色?|海军蓝|深蓝色", "turquoise|青色|湖蓝", "cream|奶油色", "burgundy|酒红色?", "khaki|卡其色?", "rose gold|玫瑰金",
)  # fmt: skip
COLOURS = tuple(re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])") for pattern in _COLOUR_WORDS)
"""One pattern a colour, Chinese and English."""
