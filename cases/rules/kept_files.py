"""rules/attachments.yaml: which of a customer's files agents do not get by mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cases.rules.fields import Strict
from cases.rules.strict_yaml import Path
from store.attached import Danger

Mistake = tuple[Path, str]
_ENDING = re.compile(r"[A-Za-z0-9][A-Za-z0-9_~+-]{0,19}")


def _ending(value: Any) -> Any:
    if isinstance(value, bool | int):
        value = str(value)
    if isinstance(value, str) and not _ENDING.fullmatch(value.strip()):
        raise ValueError("write an ending without its dot: 'exe', 'docm' …")
    return value.strip().lower() if isinstance(value, str) else value


Ending = Annotated[str, BeforeValidator(_ending)]

_ENDINGS = {
    Danger.PROGRAM: """
        exe com scr pif dll sys drv cpl ocx ax efi bin run elf app class dex so dylib chm hlp gadget
        prg xll wll ppa acm mui
    """,
    Danger.SCRIPT: """
        bat cmd ps1 ps1xml ps2 psc1 psd1 psm1 vbs vbe vb js jse mjs ws wsf wsc wsh hta sct shb sh
        bash zsh csh ksh command py pyc pyw pl rb php lua jsx reg inf ins isp its jnlp msh msh1 ps
        eps prf scf theme mst ahk au3 applescript scpt workflow
    """,
    Danger.SHORTCUT: """
        lnk url desktop webloc website appref-ms settingcontent-ms library-ms search-ms
        searchconnector-ms diagcab diagpkg rdp iqy rqy oqy dqy slk ade adp mad maf mag mam maq mar
        mas mat mau mav maw
    """,
    Danger.INSTALLER: """
        msi msp msix msixbundle appx appxbundle appinstaller deb rpm pkg mpkg apk aab xapk ipa jar
        war ear crx xpi vsix snap flatpak flatpakref appimage application air
    """,
    Danger.MACRO: """
        docm dotm xlsm xltm xlam xlsb xla xlw pptm potm ppam ppsm sldm mdb accdb mde accde accda mda
    """,
    Danger.ACTIVE: "swf mht mhtml shtml xbap xaml xsl xslt",
    Danger.EMBEDDED: "one onepkg onetoc2 pub wiz shs",
    Danger.DISC_IMAGE: "iso img udf vhd vhdx vmdk vdi qcow2 dmg sparseimage wim esd toast bwt mds",
    Danger.UNSEEN: "7z rar cab arj lzh lha ace zst lz4 z zpaq sit sitx uue xxe b64 hqx",
}
ENDINGS: Mapping[Danger, tuple[str, ...]] = {
    danger: tuple(endings.split()) for danger, endings in _ENDINGS.items()
}
"""What stands in the shipped file; it holds where there is no file."""


class KeptFiles(Strict):
    """Which of a customer's files agents do not get by mail."""

    keep_out: tuple[Danger, ...] = tuple(Danger)
    """What is kept from agents. What a file is, its bytes say, and those of the files packed into it."""
    endings: Mapping[Danger, tuple[Ending, ...]] = Field(default_factory=lambda: dict(ENDINGS))
    """Endings of names that stand for each of these, whatever the bytes say."""
    let_through: tuple[Ending, ...] = ()
    """Endings of files that agents get all the same; not where a virus was found."""
    unknown: Literal["send", "keep-out"] = "send"
    """What becomes of files whose bytes say nothing that is known."""

    def danger_of(self, ending: str) -> Danger | None:
        """What an ending stands for."""
        return next((danger for danger, endings in self.endings.items() if ending in endings), None)


def mistakes_in(file: KeptFiles) -> Iterator[Mistake]:
    """Endings that stand in two places, and lists that say nothing."""
    seen: dict[str, str] = {}
    for danger, endings in file.endings.items():
        for number, ending in enumerate(endings):
            first = seen.setdefault(ending, danger)
            if first != danger:
                yield (
                    ("endings", danger, number),
                    f"'{ending}' stands under '{first}' already; keep one of them",
                )
        if endings and danger not in file.keep_out:
            told = (
                f"'{danger}' is not under keep_out, so these say nothing; add it there, or delete this line"
            )
            yield ("endings", danger), told
