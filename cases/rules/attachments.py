"""What rules may ask about the files that came with a mail: their kinds, or their names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from cases.rules.errors import meant
from cases.rules.wild import Wild
from store.values import Attachment


class FileKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    PDF = "pdf"
    DOCUMENT = "document"
    ARCHIVE = "archive"
    ANY = "any"


_ENDINGS = {
    FileKind.IMAGE: "jpg jpeg png gif webp heic heif bmp tif tiff avif",
    FileKind.VIDEO: "mp4 mov avi mkv webm 3gp m4v",
    FileKind.AUDIO: "mp3 m4a wav ogg oga opus amr aac flac",
    FileKind.PDF: "pdf",
    FileKind.DOCUMENT: "doc docx odt rtf txt xls xlsx ods csv ppt pptx odp pages numbers",
    FileKind.ARCHIVE: "zip rar 7z tar gz tgz bz2 xz",
}
_KIND_OF = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings.split()}
_TYPES = {
    "application/pdf": FileKind.PDF,
    "application/zip": FileKind.ARCHIVE,
    "application/x-7z-compressed": FileKind.ARCHIVE,
    "application/vnd.rar": FileKind.ARCHIVE,
    "application/x-rar-compressed": FileKind.ARCHIVE,
    "application/gzip": FileKind.ARCHIVE,
    "application/x-tar": FileKind.ARCHIVE,
    "application/msword": FileKind.DOCUMENT,
    "application/rtf": FileKind.DOCUMENT,
    "text/plain": FileKind.DOCUMENT,
    "text/csv": FileKind.DOCUMENT,
    "text/rtf": FileKind.DOCUMENT,
}
_OFFICE = ("application/vnd.openxmlformats", "application/vnd.oasis.opendocument", "application/vnd.ms-")

FileTest = Callable[[Attachment], bool]


def kind_of(file: Attachment) -> FileKind | None:
    """By the type that the mail gives it; where that says nothing, by the ending of its name."""
    of_type = file.content_type.lower().partition(";")[0].strip()
    main = of_type.partition("/")[0]
    if main in (FileKind.IMAGE, FileKind.VIDEO, FileKind.AUDIO):
        return FileKind(main)
    if of_type in _TYPES:
        return _TYPES[of_type]
    if of_type.startswith(_OFFICE):
        return FileKind.DOCUMENT
    return _KIND_OF.get(file.filename.lower().rpartition(".")[2])


def checked(written: str) -> str:
    """A kind of file, or a name with a `*` or a dot in it; ValueError says what to write."""
    if written in set(FileKind) or "*" in written or "." in written:
        return written
    names = "or a file's name with * for what differs: 'invoice*.pdf'"
    raise ValueError(f"{meant(written, list(FileKind))} {names}")


class Wanted:
    """Files of a kind, or with such a name."""

    def __init__(self, written: str) -> None:
        self._written = written
        self._kind = FileKind(written) if written in set(FileKind) else None
        self._name = Wild.of(written)

    def __reduce__(self) -> tuple[type[Wanted], tuple[str]]:
        return Wanted, (self._written,)

    def first(self, files: Sequence[Attachment]) -> Attachment | None:
        """The first file that is meant. A picture inside the text (a logo) is none that came with it."""
        came = (file for file in files if not file.content_id or self._kind is None)
        return next((file for file in came if self._fits(file)), None)

    def _fits(self, file: Attachment) -> bool:
        if self._kind is None:
            return self._name.fits(file.filename)
        return self._kind is FileKind.ANY or kind_of(file) is self._kind
