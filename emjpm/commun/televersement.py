"""Uploads stay in memory and bounded: no workbook ever touches a disk."""

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload


class EnMemoireBorne(MemoryFileUploadHandler):
    """Keeps the upload in memory, and cuts it off one byte past CLASSEUR_OCTETS_MAX.

    The form then sees a file larger than the limit and says so; the rest of the body is read and thrown away.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.activated = True
        self.recus = 0

    def receive_data_chunk(self, raw_data, start):
        self.recus += len(raw_data)
        if self.recus > settings.CLASSEUR_OCTETS_MAX + self.chunk_size:
            raise StopUpload(connection_reset=False)
        return super().receive_data_chunk(raw_data, start)
