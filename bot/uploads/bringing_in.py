"""Brings uploaded files into a shop in the background of this process, step by step, each step kept so that the merchant can watch.

Files that can be read are taken in together, in one revision; one that cannot be read is told and holds up no other. Where it is unsure what the
columns of a file mean, the whole upload waits for the merchant's word, which is remembered for that source.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.errors import Conflict, NotFound, ZhangguiError
from bot.previewing.jobs import Jobs
from bot.uploads.upload_store import GIVEN, REJECTED, Content, Upload, UploadStore
from knowledge.base import ImportReport, KnowledgeBase
from knowledge.errors import KnowledgeError, RevisionConflict, UnreadableFile
from knowledge.importing import FileResult
from knowledge.importing.mapping import ColumnMapping, Proposal, UnknownColumns
from knowledge.importing.rejected import corrections
from knowledge.store import Shop

log = logging.getLogger(__name__)

KEPT = 10
"""Uploads of a shop whose reports are kept."""
MODES = ("publish", "draft", "check")
BEAT_SECONDS = 10.0
SILENT = timedelta(seconds=45)
"""An upload that was not heard of for this long has lost its process."""


class Uploads:
    """Starts uploads and shows how far any is. `report`: an import's report as the front doors give it out."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        store: UploadStore,
        *,
        report: Callable[[ImportReport], dict[str, Any]],
        clock: Callable[[], datetime],
        jobs: Jobs,
    ) -> None:
        """`jobs`: publishes where test questions are to be asked first."""
        self._knowledge = knowledge
        self._store = store
        self._report = report
        self._clock = clock
        self._jobs = jobs
        self._running: set[asyncio.Task[None]] = set()

    async def start(
        self,
        shop: Shop,
        files: Sequence[tuple[str, bytes]],
        *,
        kind: str = "auto",
        mode: str = "publish",
        overwrite: bool = False,
        language: str = "en",
        by: str = "",
    ) -> Upload:
        """Keeps the files and begins to read them."""
        given = [Content(name, content) for name, content in files]
        told = [_waiting(one.name) for one in given]
        now = self._clock()
        upload = Upload(secrets.token_hex(16), shop.id, kind, mode, overwrite, language, "running", "reading", told, None, "", by, now, now)
        await self._store.start_upload(upload, given, keep=KEPT)
        self._begin(shop, upload, [(one.name, one.content) for one in given])
        return upload

    async def all(self, shop: Shop) -> list[Upload]:
        """Newest first."""
        return [self._honest(upload) for upload in await self._store.uploads(shop.id)]

    async def get(self, shop: Shop, id: str) -> Upload:
        """Raises NotFound."""
        found = await self._store.upload(shop.id, id)
        if found is None:
            raise NotFound("There is no such import, or it is too long ago.", code="no_upload")
        return self._honest(found)

    async def rejected(self, upload: Upload, number: int) -> Content:
        """A file with the rows of one file that were left out. Raises NotFound."""
        kept = await self._store.contents(upload.id, REJECTED)
        if not 0 <= number < len(kept):
            raise NotFound("There is no such file of rejected rows.", code="no_upload")
        return kept[number]

    async def go_on(
        self, shop: Shop, id: str, *, mode: str = "", mappings: Mapping[str, ColumnMapping] | None = None, by: str = ""
    ) -> Upload:
        """Reads the files of an upload once more: with what the merchant said of columns (by source), after a dry run, or since its process
        went away. Raises Conflict where it runs or its files are gone."""
        upload = await self.get(shop, id)
        given = await self._store.contents(id, GIVEN)
        if upload.state == "running" or not given:
            raise Conflict("This import is running or done; upload the files again.", code="upload_over")
        for source, mapping in (mappings or {}).items():
            await self._knowledge.store.save_mapping(shop.id, source, mapping.as_json())
        if not await self._store.claim_upload(id, upload.heard_at, self._clock()):
            raise Conflict("This import is running or done; upload the files again.", code="upload_over")
        told = [_waiting(one.name) for one in given]
        upload = replace(
            upload,
            mode=mode or upload.mode,
            state="running",
            step="reading",
            files=told,
            report=None,
            error="",
            started_by=by or upload.started_by,
            heard_at=self._clock(),
        )
        await self._store.save_upload(upload, [])
        self._begin(shop, upload, [(one.name, one.content) for one in given], asked=mappings is not None)
        return upload

    async def wait(self) -> None:
        """Until the uploads of this process are read; for tests."""
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    async def stop(self) -> None:
        """Breaks off what is running here; it shows as interrupted, and can be gone on with."""
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _honest(self, upload: Upload) -> Upload:
        lost = upload.state == "running" and self._clock() - upload.heard_at > SILENT
        return replace(upload, state="interrupted") if lost else upload

    # ── the work ──

    def _begin(self, shop: Shop, upload: Upload, given: list[tuple[str, bytes]], *, asked: bool = False) -> None:
        task = asyncio.create_task(self._kept(shop, upload, given, asked), name="upload")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _kept(self, shop: Shop, upload: Upload, given: list[tuple[str, bytes]], asked: bool) -> None:
        beating = asyncio.create_task(self._beat(upload.id), name="upload heartbeat")
        try:
            await self._bring_in(shop, upload, given, asked)
        except RevisionConflict:
            await self._fail(upload, "draft_waits")
        except (KnowledgeError, ZhangguiError) as error:
            await self._fail(upload, str(error))
        except Exception:
            log.exception("an upload failed")
            await self._fail(upload, "unexpected")
        finally:
            beating.cancel()

    async def _beat(self, id: str) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await self._store.hear_upload(id, self._clock())

    async def _fail(self, upload: Upload, error: str) -> None:
        await self._store.save_upload(replace(upload, state="failed", error=error[:1000], heard_at=self._clock()))

    async def _bring_in(self, shop: Shop, upload: Upload, given: list[tuple[str, bytes]], asked: bool) -> None:
        files = [dict(file) for file in upload.files]
        results: list[FileResult] = []
        for file, (name, content) in zip(files, given, strict=True):
            file["state"] = "reading"
            await self._store.save_upload(replace(upload, files=files, heard_at=self._clock()))
            results += await self._read(shop, upload.kind, file, name, content, asked)
        upload = replace(upload, files=files)
        if any(file["state"] == "asks" for file in files):
            await self._store.save_upload(replace(upload, state="asks", heard_at=self._clock()))
            return
        if not results:
            await self._fail(upload, "nothing_read")
            return
        await self._store.save_upload(replace(upload, step="writing", heard_at=self._clock()))
        tested = upload.mode == "publish" and await self._tests(shop)
        taken = await self._knowledge.take_in(
            shop,
            results,
            dry_run=upload.mode == "check",
            draft=upload.mode == "draft" or tested,
            overwrite=upload.overwrite,
            by=upload.started_by,
        )
        report, rejected = await asyncio.to_thread(self._told, taken, upload.language)
        if tested:
            await self._store.save_upload(replace(upload, step="testing", heard_at=self._clock()))
            report["publication"] = await self._published(shop, upload.started_by)
        await self._store.save_upload(replace(upload, state="done", step="", report=report, heard_at=self._clock()), rejected)
        if upload.mode != "check":
            await self._store.drop_given(upload.id)

    async def _tests(self, shop: Shop) -> bool:
        """Whether test questions are asked before this shop's next publication. Raises RevisionConflict while a draft waits, which would be
        published along."""
        store = self._knowledge.store
        if not (await store.state(shop.id)).revision or not await store.pinned(shop.id):
            return False
        if await store.draft(shop.id) is not None:
            raise RevisionConflict("A draft waits for review; publish or discard it first.")
        return True

    async def _published(self, shop: Shop, by: str) -> str:
        """The id of the publication that test questions stopped: the files wait in the draft until somebody decides. "" if it serves."""
        if await self._knowledge.store.draft(shop.id) is None:
            return ""  # nothing in the files was new
        job = await self._jobs.publish(shop, by=by)
        try:
            await self._jobs.ended(shop, job)
        except Conflict:
            return job.id
        return ""

    async def _read(self, shop: Shop, kind: str, file: dict[str, Any], name: str, content: bytes, asked: bool) -> list[FileResult]:
        """What the file holds; notes in `file` how it went."""
        try:
            results = await self._knowledge.read(shop, [(name, content)], kind=kind)
        except UnknownColumns as error:
            # What was said is remembered, and is still not enough: the page says what is missing.
            file.update(state="asks", error=str(error), proposals=[_asked(name, name, error.proposal, False)])
            return []
        except UnreadableFile as error:
            file.update(state="unreadable", error=str(error))
            return []
        unsure = [result for result in results if result.proposal is not None and not result.proposal.sure]
        if unsure and not asked:
            alone = len(results) == 1
            file.update(state="asks", proposals=[_asked(one.source, one.path, one.proposal, alone) for one in unsure if one.proposal])
            return []
        file["state"] = "read"
        return results

    def _told(self, taken: ImportReport, language: str) -> tuple[dict[str, Any], list[Content]]:
        report, rejected = self._report(taken), list[Content]()
        for told, result in zip(report["files"], taken.files, strict=True):
            told["rejected_file"] = None
            if result.rejects:
                told["rejected_file"] = len(rejected)
                content, as_lines = corrections(result.header, result.rejects, result.problems, language)
                stem = Path(result.path.replace("#", ".")).name.rpartition(".")[0] or result.source
                rejected.append(Content(f"{stem}.rejected{'.jsonl' if as_lines else '.csv'}", content))
        return report, rejected


def _waiting(name: str) -> dict[str, Any]:
    return {"name": name, "state": "waiting", "error": "", "proposals": []}


def _asked(source: str, path: str, proposal: Proposal, alone: bool) -> dict[str, Any]:
    """A question to the merchant. `alone`: the file holds nothing else, so what is said may fix its kind."""
    return {"source": source, "path": path, "alone": alone, **proposal.as_json()}
