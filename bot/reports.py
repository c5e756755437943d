"""The report of an import, as the front doors give it out: command line and console alike."""

from knowledge.base import ImportReport
from knowledge.importing.problems import LANGUAGES, Problem
from retrieval.passages import passages_of


def report_json(report: ImportReport) -> dict[str, object]:
    """The report of the front doors."""
    return {
        "files": [
            {
                "path": result.path,
                "format": result.format,
                "encoding": result.encoding,
                "kind": result.kind,
                "rows": result.rows,
                "accepted": result.accepted,
                "rejected": result.rejected,
                "warnings": result.warnings,
                **({"proposal": result.proposal.as_json()} if result.proposal and not result.proposal.sure else {}),
            }
            for result in report.files
        ],
        "products": report.products,
        "variants": report.variants,
        "faq_entries": report.faq_entries,
        "offers": report.offers,
        "passages": sum(len(passages_of(document)) for document in report.documents),
        "changes": {
            "added": report.changes.added,
            "changed": report.changes.changed,
            "removed": report.changes.removed,
            "unchanged": report.changes.unchanged,
        },
        "problems": [problem_json(problem) for problem in report.problems],
        "version": report.version,
    }


def problem_json(problem: Problem) -> dict[str, object]:
    """A finding; `reason` and `advice` in each language that findings are worded in."""
    return {
        "path": problem.path,
        "row": problem.row,
        "column": problem.column,
        "code": problem.code,
        "message": problem.message,
        "value": problem.value,
        "rejects": problem.rejects,
        "reason": {language: problem.reason(language) for language in LANGUAGES},
        "advice": {language: problem.advice(language) for language in LANGUAGES},
    }
