"""Uploads stay in memory and bounded: no workbook ever touches a disk."""

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload


class EnMemoireBorne(MemoryFileUploadHandler):
    """Keeps the upload in memory, and gives it up once past CLASSEUR_OCTETS_MAX.

    The rest of the body is read and thrown away; the view then sees no file at all, and tells the size from the
    request's length (mesures.views.importer).
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.activated = True
        self.recus = 0

    def receive_data_chunk(self, raw_data, start):
        self.recus += len(raw_data)
        if self.recus > settings.CLASSEUR_OCTETS_MAX + self.chunk_size:
            raise StopUpload(connection_reset=False)
        return super().receive_data_chunk(raw_data, start)
