# SPDX-License-Identifier: Apache-2.0
"""ScamperFiles: files larger than memory, slow and impatient clients, the store."""

import hashlib
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time

import grpc
import health_pb2
import pytest
from client import SANITIZED, SERVER, Server, status_of, violations, wait_until
from http2 import call_and_never_read, wait_until_full
from scamper.v1 import files_pb2

RECORDING = pathlib.Path(__file__).parents[1] / "testdata/records/scamper-20260420/ping.warts"
CHUNK = 64 << 10
MEGABYTE = 1 << 20
SIZE = (40 if SANITIZED else 200) * MEGABYTE
# Beyond what the server has when it does nothing.
MEMORY = 64 * MEGABYTE


class FilesServer:
    """A server without daemons that keeps files, for one test."""

    def __init__(self, directory, *flags):
        self.data = os.path.join(directory, "data")
        self._server = Server(directory, {}, flags=["--data_dir", self.data, *flags])
        self._clients = []

    def start(self):
        self._server.start()
        return self

    def files(self):
        self._clients.append(self._server.client())
        return self._clients[-1].files

    def health(self):
        self.files()
        return self._clients[-1].health

    def __getattr__(self, name):
        return getattr(self._server, name)

    def stop_all(self):
        for client in self._clients:
            client.close()
        self._server.stop()


@pytest.fixture(name="make_server")
def make_server_fixture():
    with tempfile.TemporaryDirectory(prefix="sgtest-") as directory:
        made = []

        def make(*flags):
            made.append(FilesServer(directory, *flags).start())
            return made[-1]

        try:
            yield make
        finally:
            for server in made:
                server.stop_all()


def file_of(size):
    """The recorded file, again and again, as chunks of about `size` bytes in all."""
    recording = RECORDING.read_bytes()
    block = recording * (CHUNK // len(recording) + 1)
    for _ in range(size // len(block)):
        yield block


def to_warts(chunks, **input_options):
    yield files_pb2.ConvertRequest(options=files_pb2.ConvertOptions(
        input=files_pb2.InputOptions(**input_options),
        output=files_pb2.OutputOptions(format=files_pb2.OUTPUT_FORMAT_WARTS)))
    for chunk in chunks:
        yield files_pb2.ConvertRequest(chunk=chunk)


def upload(files, name, chunks, complete=True):
    def requests():
        yield files_pb2.UploadRequest(options=files_pb2.UploadOptions(file=name))
        for chunk in chunks:
            yield files_pb2.UploadRequest(chunk=chunk)
        if complete:
            yield files_pb2.UploadRequest(end=files_pb2.EndOfInput())
    return files.Upload(requests(), timeout=120).file


def download(files, name):
    request = files_pb2.DownloadRequest(file=name)
    return b"".join(r.chunk for r in files.Download(request, timeout=120))


def names(files):
    return [f.name for f in files.ListFiles(files_pb2.ListFilesRequest(), timeout=60).files]


class Memory(threading.Thread):
    """Watches how much memory the server takes beyond what it had: .peak, in bytes."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self._server, self._before = server, server.resident_bytes()
        self._over = threading.Event()
        self.peak = 0

    def run(self):
        while not self._over.wait(0.05):
            self.peak = max(self.peak, self._server.resident_bytes() - self._before)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self.join()
        assert SANITIZED or self.peak < MEMORY


def test_a_file_larger_than_the_memory_it_takes_is_converted_byte_for_byte(make_server):
    server = make_server()
    files = server.files()
    sent, got = hashlib.sha256(), hashlib.sha256()

    def chunks():
        for chunk in file_of(SIZE):
            sent.update(chunk)
            yield chunk

    with Memory(server):
        for response in files.Convert(to_warts(chunks()), timeout=500):
            got.update(response.chunk)
            last = response
    assert got.digest() == sent.digest()
    assert last.summary.bytes_in == last.summary.bytes_out > SIZE * 0.9


def test_a_client_that_does_not_read_is_soon_not_read_from(make_server):
    server = make_server()
    files = server.files()
    sent = [0]

    def chunks():
        for chunk in file_of(SIZE):
            sent[0] += len(chunk)
            yield chunk

    with Memory(server):
        call = files.Convert(to_warts(chunks()), timeout=500)

        def stuck():
            before = sent[0]
            time.sleep(0.5)
            return 0 < before == sent[0]

        assert wait_until(stuck, 120)
        assert sent[0] < SIZE / 2
        # It goes on where the client does.
        got = sum(len(response.chunk) for response in call)
    assert got == sent[0] > SIZE * 0.9


def test_a_cancelled_call_makes_room_for_the_next(make_server):
    files = make_server("--file_calls", "1").files()
    waits = threading.Event()

    def chunks():
        yield b"rubbish" + RECORDING.read_bytes() * 20
        waits.wait(120)

    call = files.Convert(to_warts(chunks(), recover=True), timeout=120)
    assert next(call).skipped.length == len(b"rubbish")

    def convert():
        try:
            return list(files.Convert(to_warts([RECORDING.read_bytes()]), timeout=60))
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
            return None

    assert convert() is None
    call.cancel()
    assert wait_until(convert)
    waits.set()


def test_what_was_uploaded_outlives_kill_9_and_an_upload_cut_off_leaves_nothing(make_server):
    server = make_server()
    files = server.files()
    stored = upload(files, "whole.warts", [RECORDING.read_bytes()])
    go_on = threading.Event()

    def endless():
        yield RECORDING.read_bytes()
        go_on.wait(60)

    failed = []

    def cut_off():
        try:
            upload(files, "cut.warts", endless())
        except grpc.RpcError as error:
            failed.append(error.code())

    thread = threading.Thread(target=cut_off)
    thread.start()
    assert wait_until(lambda: len(os.listdir(server.data)) == 2)
    server.stop(signal.SIGKILL)
    go_on.set()
    thread.join()
    assert failed == [grpc.StatusCode.UNAVAILABLE]
    server.start()
    files = server.files()
    listed = files.ListFiles(files_pb2.ListFilesRequest(), timeout=60)
    assert list(listed.files) == [stored]
    assert os.listdir(server.data) == ["whole.warts"]
    assert download(files, "whole.warts") == RECORDING.read_bytes()


def test_an_upload_without_its_end_leaves_nothing(make_server):
    files = make_server().files()
    with pytest.raises(grpc.RpcError) as raised:
        upload(files, "half.warts", [RECORDING.read_bytes()], complete=False)
    assert set(violations(status_of(raised.value))) == {"end"}
    assert names(files) == []


def test_a_client_that_breaks_off_leaves_nothing(make_server):
    server = make_server()
    files = server.files()
    go_on = threading.Event()

    def requests():
        yield files_pb2.UploadRequest(options=files_pb2.UploadOptions(file="half.warts"))
        yield files_pb2.UploadRequest(chunk=RECORDING.read_bytes())
        go_on.wait(60)

    call = files.Upload.future(requests(), timeout=120)
    assert wait_until(lambda: os.listdir(server.data))
    call.cancel()
    assert wait_until(lambda: not os.listdir(server.data))
    go_on.set()


def test_a_client_that_takes_nothing_does_not_keep_the_server_from_ending(make_server):
    server = make_server()
    upload(server.files(), "big", file_of(8 * MEGABYTE))
    request = files_pb2.DownloadRequest(file="big")
    with call_and_never_read(server.path, "/scamper.v1.ScamperFiles/Download", request):
        wait_until_full(server.path)
        # 5 seconds are promised.
        assert server.stop(seconds=5) == 0


def test_files_of_the_store_are_converted_by_name(make_server):
    files = make_server().files()
    upload(files, "in.warts", [RECORDING.read_bytes()])
    request = files_pb2.ConvertRequest(options=files_pb2.ConvertOptions(
        input=files_pb2.InputOptions(file="in.warts"),
        output=files_pb2.OutputOptions(file="out.json.gz")))
    (response,) = files.Convert(iter([request]), timeout=60)
    assert response.summary.file.name == "out.json.gz"
    assert names(files) == ["in.warts", "out.json.gz"]
    files.DeleteFile(files_pb2.DeleteFileRequest(file="in.warts"), timeout=60)
    assert names(files) == ["out.json.gz"]


def test_the_quota_is_kept(make_server):
    size = len(RECORDING.read_bytes())
    files = make_server("--data_dir_max_bytes", str(2 * size)).files()
    upload(files, "a", [RECORDING.read_bytes()])
    with pytest.raises(grpc.RpcError) as raised:
        upload(files, "b", [RECORDING.read_bytes(), b"12345"] + [b""] * 10)
    assert raised.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    upload(files, "b", [RECORDING.read_bytes()])
    listed = files.ListFiles(files_pb2.ListFilesRequest(), timeout=60)
    assert (listed.total_size, listed.max_size) == (2 * size, 2 * size)


def test_a_folder_serves_one_server_only(make_server):
    server = make_server()
    second = subprocess.run([SERVER, "--listen", server.address + "2", "--data_dir", server.data],
                            capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 1
    assert "in use by another server" in second.stderr


def test_the_service_is_serving_and_ends_its_calls_with_unavailable(make_server):
    server = make_server()
    service = health_pb2.HealthCheckRequest(service="scamper.v1.ScamperFiles")
    assert server.health().Check(service, timeout=60).status == \
        health_pb2.HealthCheckResponse.SERVING
    files = server.files()
    go_on = threading.Event()

    def waiting():
        yield RECORDING.read_bytes()
        go_on.wait(60)

    codes = []

    def convert():
        try:
            list(files.Convert(to_warts(waiting()), timeout=120))
        except grpc.RpcError as error:
            codes.append(error.code())

    calls = [threading.Thread(target=convert) for _ in range(3)]
    for call in calls:
        call.start()
    # One that is not read from.
    stalled = files.Convert(to_warts(file_of(SIZE)), timeout=120)
    assert next(stalled).chunk
    # 5 seconds are promised.
    assert server.stop(seconds=5) == 0
    go_on.set()
    for call in calls:
        call.join()
    assert codes == [grpc.StatusCode.UNAVAILABLE] * 3
    with pytest.raises(grpc.RpcError):
        list(stalled)
