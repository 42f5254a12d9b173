from django.apps import AppConfig

OFFLINE, SHARE = "/listen/report/offline/", "/listen/report/share/"


class ListenConfig(AppConfig):
    name = "shudao.listen"
    label = "listen"

    def ready(self) -> None:
        """The observer's form works without a network, and other apps may share to it."""
        from shudao.base import install  # noqa: PLC0415 - once the apps are there

        if OFFLINE in install.KEPT_PAGES:
            return
        install.KEPT_FILES += ["listen/outbox.js", "listen/offline.js"]
        install.KEPT_PAGES.append(OFFLINE)
        install.WORKER_PARTS += ["listen/outbox.js", "listen/report_worker.js"]
        install.STAND_INS["/listen/report/"] = OFFLINE
        install.MANIFEST["share_target"] = {
            "action": SHARE,
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {
                "title": "title",
                "text": "text",
                "url": "url",
                "files": [{"name": "pictures", "accept": ["image/*"]}],
            },
        }
