# SPDX-License-Identifier: Apache-2.0
"""A gRPC client from the generated messages alone, and a server to talk to.

The stubs are made from the descriptors, because Debian has no grpc code generator for
Python; any language's generated client does the same.
"""

import os
import re
import signal
import subprocess
import time

import grpc
import health_pb2
import reflection_pb2
from google.protobuf import descriptor_pb2, message_factory
from google.rpc import error_details_pb2, status_pb2
from scamper.v1 import control_pb2, files_pb2

SERVER = os.environ["SCAMPER_GRPC_SERVER_BINARY"]
CLI = os.environ["SCAMPER_GRPC_CLI_BINARY"]
SANITIZED = os.environ.get("SCAMPER_GRPC_SANITIZED", "OFF") == "ON"


class Stub:
    """Every method of a service as a callable attribute."""

    def __init__(self, channel, file_descriptor, service):
        described = descriptor_pb2.FileDescriptorProto()
        file_descriptor.CopyToProto(described)
        shape = {m.name: m for s in described.service if s.name == service for m in s.method}
        factory = message_factory.MessageFactory(file_descriptor.pool)
        descriptor = file_descriptor.services_by_name[service]
        for method in descriptor.methods:
            request = "stream" if shape[method.name].client_streaming else "unary"
            response = "stream" if shape[method.name].server_streaming else "unary"
            make = getattr(channel, f"{request}_{response}")
            setattr(self, method.name, make(
                f"/{descriptor.full_name}/{method.name}",
                request_serializer=factory.GetPrototype(method.input_type).SerializeToString,
                response_deserializer=factory.GetPrototype(method.output_type).FromString))


class Client:
    """A channel to a server; attributes are the methods of ScamperControl;
    `files` has those of ScamperFiles."""

    def __init__(self, address, options=()):
        # Its own connections: none that another channel to the same path waits to retry.
        options = [("grpc.use_local_subchannel_pool", 1), *options]
        self.channel = grpc.insecure_channel(address, options=options)
        self._control = Stub(self.channel, control_pb2.DESCRIPTOR, "ScamperControl")
        self.files = Stub(self.channel, files_pb2.DESCRIPTOR, "ScamperFiles")
        self.health = Stub(self.channel, health_pb2.DESCRIPTOR, "Health")
        self.reflection = Stub(self.channel, reflection_pb2.DESCRIPTOR, "ServerReflection")

    def __getattr__(self, method):
        return getattr(self._control, method)

    def instances(self):
        response = self.ListInstances(control_pb2.ListInstancesRequest(), timeout=30)
        return {instance.name: instance for instance in response.instances}

    def wait_for_state(self, name, state, seconds=30):
        """Waits until the instance has the state; returns it."""
        wanted = control_pb2.InstanceState.Value("INSTANCE_STATE_" + state)
        watch = self.WatchInstances(control_pb2.WatchInstancesRequest(), timeout=seconds)
        for event in watch:
            if event.instance.name == name and event.instance.state == wanted:
                watch.cancel()
                return event.instance
        raise AssertionError(f"{name} never was {state}")

    def close(self):
        self.channel.close()


class Server:
    """A scamper-grpc-server that listens on a unix socket in `directory`."""

    def __init__(self, directory, instances, name="server", flags=()):
        self.path = os.path.join(directory, name + ".sock")
        self.address = "unix:" + self.path
        self.log_path = os.path.join(directory, name + ".log")
        self._instances = instances
        self._flags = list(flags)
        self.process = None

    def start(self, *more_flags):
        command = [SERVER, "--listen", self.address, *self._flags, *more_flags]
        for name, path in self._instances.items():
            command += ["--unix", f"{name}={path}"]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log)
        client = self.client()
        try:
            grpc.channel_ready_future(client.channel).result(timeout=30)
        except grpc.FutureTimeoutError:
            raise RuntimeError(f"the server did not start: {self.log()}") from None
        finally:
            client.close()
        return self

    def client(self, options=()):
        return Client(self.address, options)

    def log(self):
        with open(self.log_path, errors="replace") as log:
            return log.read()

    def resident_bytes(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1]) * 1024

    def stop(self, how=signal.SIGTERM, seconds=20):
        """Ends the server; returns its exit code."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.process = None
        return code


def status_of(error):
    """The google.rpc.Status of an RpcError."""
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            return status_pb2.Status.FromString(value)
    return status_pb2.Status(code=error.code().value[0], message=error.details())


def violations(status):
    """{field: description} of the BadRequest in a google.rpc.Status."""
    found = {}
    for detail in status.details:
        bad = error_details_pb2.BadRequest()
        if detail.Unpack(bad):
            found.update({v.field: v.description for v in bad.field_violations})
    return found


def outcomes(ledger):
    return (ledger.results + ledger.rejected + ledger.halted + ledger.instance_lost +
            ledger.expired + ledger.refused)


def wait_until(condition, seconds=30):
    """Polls a condition; the value that it had at last."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > deadline:
            return value
        time.sleep(0.02)


def cli(*arguments, **options):
    """Runs the command line client."""
    return subprocess.run([CLI, *arguments], capture_output=True, text=True, timeout=120,
                          check=False, **options)
