"""Plain texts that say nothing but that the mail has to be read as HTML."""

from __future__ import annotations

_LONGEST = 800
_OF_HTML = (
    "does not support html", "doesn't support html", "not support html", "cannot display html",
    "can't display html", "cannot view html", "unable to view html", "cannot read html",
    "html version of this", "html-enabled", "html enabled", "html capable", "html-capable",
    "html compatible", "html-compatible", "in html format", "view this message in html",
    "view this email in html", "view the html", "see the html", "html-only message", "this is an html",
    "this message is in html", "html email", "kein html", "html-format", "html format", "html-fähig",
    "html nicht", "html-mail", "html-e-mail", "format html", "ne supporte pas html", "version html",
    "formato html", "no soporta html", "no admite html", "versión html", "não suporta html",
    "versão html", "non supporta html", "versione html", "ondersteunt geen html", "html-versie",
    "stöder inte html", "html-meddelande", "understøtter ikke html", "støtter ikke html", "ei tue html",
    "w formacie html", "nie obsługuje html", "ve formátu html", "в формате html", "не поддерживает html",
    "у форматі html", "html desteklemiyor", "html biçiminde", "בפורמט html", "תומכת ב-html",
    "תומך ב-html", "بتنسيق html", "لا يدعم html", "با فرمت html",
    "html را پشتیبانی", "html形式", "htmlメール",
    "htmlに対応", "html格式", "html 格式", "不支持html", "html 형식", "html을 지원",
)  # fmt: skip
_OF_BROWSERS = (
    "your email client does not support", "your mail client does not support", "to view this message",
    "to view this email", "view this email in your browser", "view it in your browser", "view in browser",
    "if you can't see this", "if you cannot see this", "if you are having trouble viewing",
    "having trouble viewing this", "can't read this email", "im browser anzeigen", "im browser ansehen",
    "nicht korrekt angezeigt", "ne prend pas en charge", "dans votre navigateur",
    "ne s'affiche pas correctement", "en su navegador", "en tu navegador", "no seu navegador",
    "nel tuo browser", "nel browser", "in uw browser", "i din webbläsare", "i din browser",
    "i nettleseren", "selaimessa", "w przeglądarce", "v prohlížeči", "в браузере", "tarayıcınızda",
    "בדפדפן", "في المتصفح", "در مرورگر", "ブラウザで", "浏览器", "瀏覽器", "브라우저",
)  # fmt: skip


def is_stub(text: str) -> bool:
    """Whether a short plain text is likely there only to send its reader to the HTML."""
    if len(text) > _LONGEST:
        return False
    said = " ".join(text.lower().replace("’", "'").split())
    return ("html" in said and any(saying in said for saying in _OF_HTML)) or any(
        saying in said for saying in _OF_BROWSERS
    )
