"""Word documents (DOCX) as pages: mammoth reads styles, lists and tables into HTML, which is read like any page."""

import io
import logging
import zipfile

from knowledge.importing.html_pages import Page, page_of
from knowledge.importing.refusals import refused

MAX_TEXT_PART = 12 * 1024 * 1024
"""Bytes of the part that holds the text; its reader builds a tree some forty times as large."""


def page_of_docx(data: bytes, name: str) -> Page:
    """The document as a page. `data` passed archives.container_of. Raises UnreadableFile."""
    import mammoth

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [member for member in archive.infolist() if member.filename.startswith("word/") and member.filename.endswith(".xml")]
        if sum(member.file_size for member in parts) > MAX_TEXT_PART:
            raise refused("too_much_text_mb", name, limit=MAX_TEXT_PART // 2**20)
    logging.getLogger("mammoth").setLevel(logging.CRITICAL)
    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data),
            convert_image=mammoth.images.img_element(lambda _: {}),
            external_file_access=False,
            include_embedded_style_map=False,
        )
    except Exception as error:  # what a damaged document raises inside mammoth has no common base
        raise refused("damaged_word", name) from error
    if not result.value.strip():
        raise refused("no_words", name)
    return page_of(f"<html><body>{result.value}</body></html>", name)
