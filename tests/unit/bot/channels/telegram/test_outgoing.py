"""Whatever an answer holds, each part of its plan is one that Telegram takes."""

from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import Answer, Outcome, ProductCard
from bot.answering.answer_json import answer_json
from bot.answering.wording import load_wordings
from bot.channels.telegram.buttons import DATA_LIMIT, Buttons, Press
from bot.channels.telegram.outgoing import Composer
from bot.channels.telegram.rendering import CAPTION_LIMIT, TEXT_LIMIT, html, units
from bot.conversation.records import Author, ChannelKind, Inbox, Message
from tests.builders import NOW, money
from tests.fakes.telegram_html import parse

WORDINGS = load_wordings()
INBOX = Inbox("i" * 32, "s1", ChannelKind.TELEGRAM, "default")
BUTTONS = Buttons(b"key")
COMPOSER = Composer(
    BUTTONS,
    lambda language, key, /, **values: WORDINGS.of(language).say(key, **values),
    public_url="https://shop.example",
    languages={"en": "English", "zh": "中文"},
)
text = st.text(st.characters(codec="utf-8") | st.sampled_from('<>&" \n。👩‍🚀'), max_size=3000)
prices = st.sampled_from([None, money("39.99 USD"), money("1200 JPY"), money("0.00 CNY")])
cards = st.builds(
    ProductCard,
    sku=st.just("S"),
    product_id=st.just("p"),
    title=text,
    variant=text,
    price=prices,
    list_price=prices,
    up_to=prices,
    stock=st.none(),
    availability=st.sampled_from(["in_stock", "low", "preorder", "backorder", "out_of_stock", "discontinued", "unknown"]),
    as_of=st.just(NOW),
    url=st.sampled_from(["", "/products/p", 'https://x.example/"><b>', "javascript:alert(1)", "//evil.example/x"]),
    image=st.sampled_from(["", "a.svg", "a.jpg", "https://x.example/a.png?b=<", "https://x.example/a.SVG?x=1", "data:image/png;base64,x"]),
)
answers = st.builds(
    Answer,
    text=text,
    language=st.sampled_from(["en", "zh", "de", ""]),
    outcome=st.sampled_from(list(Outcome)),
    intents=st.just(()),
    products=st.lists(cards, max_size=12).map(tuple),
    quick_replies=st.lists(text, max_size=9).map(tuple),
)


@given(answers)
def test_every_part_is_one_that_telegram_takes(answer: Answer):
    message = Message("m" * 32, "c", 1, Author.ASSISTANT, answer.text, NOW, answer=answer_json(answer))
    outgoing = COMPOSER.plan(INBOX, "7", message, "en", lambda _: ())
    assert outgoing.parts or not answer.text.strip()
    for part in outgoing.parts:
        assert bool(part.text) != bool(part.pictures) and len(part.pictures) <= 10
        if part.text:
            said, _ = parse(html(part.text))
            assert said.strip() and units(html(part.text)) <= TEXT_LIMIT
        for picture in part.pictures:
            parse(html(picture.card))
            assert units(html(picture.card)) <= CAPTION_LIMIT
            assert picture.url.startswith("https://") and ".svg" not in picture.url.lower()
        assert "javascript" not in html(part.text).partition("<a ")[2].partition(">")[0]
    for row in outgoing.keyboard:
        for button in row:
            assert button.text.strip() and 0 < len(button.data.encode()) <= DATA_LIMIT
    assert outgoing.keyboard[-1][0].text in ("Talk to a person", "转人工")
    assert COMPOSER.plan(INBOX, "7", message, "en", lambda _: ()) == outgoing, "a retry makes the same parts"


@given(st.sampled_from(list(Press)), st.sampled_from(["", "m" * 32, "zh"]), st.integers(0, 99), st.text(max_size=80))
def test_data_is_read_back_in_its_own_chat_alone(press: Press, message: str, number: int, forged: str):
    data = BUTTONS.data(INBOX.id, "7", press, message, number)
    read = BUTTONS.read(data, INBOX.id, "7")
    assert read is not None and (read.press, read.message, read.number) == (press, message, number)
    assert BUTTONS.read(data, INBOX.id, "8") is None
    assert BUTTONS.read(data, "j" * 32, "7") is None
    assert Buttons(b"another key").read(data, INBOX.id, "7") is None
    assert forged == data or BUTTONS.read(forged, INBOX.id, "7") is None
