"""Brings uploaded files into a shop in the background of this process, step by step, each step kept so that the merchant can watch.

Files that can be read are taken in together, in one revision; one that cannot be read is told and holds up no other. Where a column may be what
matters (a title, a number, a price, stock) and its name does not tell, the whole upload waits for the merchant's word, which is remembered for
that source. Any other unknown column becomes a property by its name. What was taken for what can be changed afterwards, as long as the files are
kept.
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
from knowledge.importing.mapping import ColumnMapping, InvalidMapping, Proposal, UnknownColumns
from knowledge.importing.rejected import corrections
from knowledge.store import Shop

log = logging.getLogger(__name__)

KEPT = 10
"""Uploads of a shop whose reports are kept."""
MODES = ("publish", "draft", "check")
BEAT_SECONDS = 10.0
GIVEN_KEPT = 16 * 2**20
"""Bytes of an upload up to which its files are kept until the next one, so that the meaning of columns can still be changed."""
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
        self._running: dict[str, asyncio.Task[None]] = {}
        """By upload, those that run in this process."""

    @property
    def max_file_bytes(self) -> int:
        """The largest file that is read."""
        return self._knowledge.max_file_bytes

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
        source: str = "",
        mapping: ColumnMapping | None = None,
    ) -> Upload:
        """Keeps the files and begins to read them. `source`: of all of them, in place of their names; `mapping`: what their columns mean,
        remembered once they are brought in."""
        given = [Content(name, content) for name, content in files]
        told = [_waiting(one.name, source, mapping.as_json() if mapping else None) for one in given]
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
        if upload.state == "running" or not given or (upload.state == "done" and upload.mode != "check" and mappings is None):
            raise Conflict("This import is running or done; upload the files again.", code="upload_over")
        for source, mapping in (mappings or {}).items():
            await self._knowledge.store.save_mapping(shop.id, source, mapping.as_json())
        if not await self._store.claim_upload(id, upload.heard_at, self._clock()):
            raise Conflict("This import is running or done; upload the files again.", code="upload_over")
        told = [_waiting(one.name, file.get("source", ""), file.get("mapping")) for one, file in zip(given, upload.files, strict=True)]
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

    async def kept_files(self, upload: Upload) -> bool:
        """Whether its files are still there, so that it can be gone on with."""
        return bool(await self._store.contents(upload.id, GIVEN))

    async def ended(self, shop: Shop, id: str, seconds: float) -> Upload:
        """The upload once it has ended or asks, or after that time as far as it is. Raises NotFound."""
        if task := self._running.get(id):
            await asyncio.wait({task}, timeout=seconds)
        return await self.get(shop, id)

    async def wait(self) -> None:
        """Until the uploads of this process are read; for tests."""
        while self._running:
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def stop(self) -> None:
        """Breaks off what is running here; it shows as interrupted, and can be gone on with."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _honest(self, upload: Upload) -> Upload:
        lost = upload.state == "running" and self._clock() - upload.heard_at > SILENT
        return replace(upload, state="interrupted") if lost else upload

    # ── the work ──

    def _begin(self, shop: Shop, upload: Upload, given: list[tuple[str, bytes]], *, asked: bool = False) -> None:
        task = asyncio.create_task(self._kept(shop, upload, given, asked), name="upload")
        self._running[upload.id] = task
        task.add_done_callback(lambda ended: self._running.pop(upload.id) if self._running.get(upload.id) is ended else None)

    async def _kept(self, shop: Shop, upload: Upload, given: list[tuple[str, bytes]], asked: bool) -> None:
        beating = asyncio.create_task(self._beat(upload.id), name="upload heartbeat")
        try:
            await self._bring_in(shop, upload, given, asked)
        except RevisionConflict:
            await self._fail(upload, "draft_waits")
        except KnowledgeError as error:
            await self._fail(upload, error.said(upload.language))
        except ZhangguiError as error:
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
            await self._remember(shop, files)
            if sum(len(content) for _, content in given) > GIVEN_KEPT:
                await self._store.drop_given(upload.id)

    async def _remember(self, shop: Shop, files: Sequence[Mapping[str, Any]]) -> None:
        """What was said of columns along with the files, for the next import of these sources."""
        for file in files:
            if file.get("mapping") and file["state"] == "read":
                said = ColumnMapping.from_json(file["mapping"])
                for source in dict.fromkeys(proposal["source"] for proposal in file["proposals"]):
                    remembered = (await self._knowledge.mappings(shop)).get(source, ColumnMapping())
                    await self._knowledge.store.save_mapping(shop.id, source, remembered.with_(said).as_json())

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
        source = file["source"]
        mapping = ColumnMapping.from_json(file["mapping"]) if file["mapping"] else None
        try:
            results = await self._knowledge.read(shop, [(name, content)], kind=kind, source=source or None, mapping=mapping)
        except UnknownColumns as error:
            # What was said is remembered, and is still not enough: the page says what is missing.
            alone = not name.casefold().endswith(".zip")
            file.update(state="asks", proposals=[_asked(source or name, name, error.proposal, alone)], **_refusal(error))
            return []
        except (UnreadableFile, InvalidMapping) as error:
            file.update(state="unreadable", **_refusal(error))
            return []
        proposed = [(one, one.proposal) for one in results if one.proposal is not None]
        file["proposals"] = [_asked(one.source, one.path, proposal, len(results) == 1) for one, proposal in proposed]
        if not asked and not all(proposal.settled for _, proposal in proposed):
            file["state"] = "asks"
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


def _waiting(name: str, source: str, mapping: Any) -> dict[str, Any]:
    return {"name": name, "source": source, "mapping": mapping, "state": "waiting", "error": "", "code": "", "said": {}, "proposals": []}


def _refusal(error: KnowledgeError) -> dict[str, Any]:
    """Why a file was not read: in English, its code, and the sentence by language."""
    return {"error": str(error), "code": error.code, "said": dict(error.sentences)}


def _asked(source: str, path: str, proposal: Proposal, alone: bool) -> dict[str, Any]:
    """A question to the merchant. `alone`: the file holds nothing else, so what is said may fix its kind."""
    return {"source": source, "path": path, "alone": alone, **proposal.as_json()}
