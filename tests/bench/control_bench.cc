// SPDX-License-Identifier: Apache-2.0
// What the way through gRPC costs, against a direct client of the control socket.
//
// Starts a scamper daemon (-p 10000) on a unix socket and the server on it, probes distinct
// addresses of 127.0.0.0/8 with `trace -P icmp-paris`, and prints of one run
// - the ratio of throughputs, both pipelined, rounds of the two in turn;
// - the latency that the server adds to one task at a time.
//
//   control_bench [traces a round, default 20000] [rounds, default 5]
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "scamper/v1/control.grpc.pb.h"

extern char** environ;

namespace scamper {
namespace {

[[noreturn]] void Die(const std::string& why) {
  std::fprintf(stderr, "control_bench: %s\n", why.c_str());
  std::exit(1);
}

// A process of the bench's own; ended with it.
class Child {
 public:
  explicit Child(std::vector<std::string> argv) {
    std::vector<char*> args;
    for (std::string& a : argv) args.push_back(a.data());
    args.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&pid_, args[0], &actions, nullptr, args.data(), environ) != 0) {
      Die(absl::StrCat("could not start ", argv[0]));
    }
    posix_spawn_file_actions_destroy(&actions);
  }
  ~Child() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }

 private:
  pid_t pid_;
};

// The least that a client of the control socket can do: no decoding at all.
class DirectClient {
 public:
  explicit DirectClient(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    fd_ = socket(AF_UNIX, SOCK_STREAM, 0);
    for (int i = 0; connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0;
         ++i) {
      if (i == 100) Die("scamper did not open its socket");
      absl::SleepFor(absl::Milliseconds(50));
    }
    Write("attach\n");
    while (data_ < 2) ReadSome();  // List and cycle.
  }
  ~DirectClient() { close(fd_); }

  // Sends all commands, returns when all have their result.
  void Run(const std::vector<std::string>& destinations) {
    std::string commands;
    for (const std::string& d : destinations)
      absl::StrAppend(&commands, "trace -P icmp-paris ", d, "\n");
    const uint64_t until = data_ + destinations.size();
    std::thread writer;
    if (destinations.size() == 1) {
      Write(commands);
    } else {
      writer = std::thread([&] { Write(commands); });
    }
    while (data_ < until) ReadSome();
    if (writer.joinable()) writer.join();
  }

 private:
  void Write(const std::string& text) {
    for (size_t sent = 0; sent < text.size();) {
      ssize_t n = write(fd_, text.data() + sent, text.size() - sent);
      if (n <= 0) Die("could not write to scamper");
      sent += n;
    }
  }

  void ReadSome() {
    char chunk[65536];
    ssize_t n = read(fd_, chunk, sizeof(chunk));
    if (n <= 0) Die("scamper closed the connection");
    buffer_.append(chunk, n);
    size_t at = 0;
    for (;;) {
      size_t end = buffer_.find('\n', at);
      if (end == std::string::npos) break;
      size_t next = end + 1;
      if (buffer_.compare(at, 5, "DATA ") == 0) {
        next += std::strtoul(buffer_.c_str() + at + 5, nullptr, 10);
        if (next > buffer_.size()) break;
        ++data_;
      } else if (buffer_.compare(at, 3, "ERR") == 0) {
        Die(buffer_.substr(at, end - at));
      }
      at = next;
    }
    buffer_.erase(0, at);
  }

  int fd_;
  std::string buffer_;
  uint64_t data_ = 0;
};

class GrpcClient {
 public:
  explicit GrpcClient(const std::string& target)
      : stub_(v1::ScamperControl::NewStub(
            grpc::CreateChannel(target, grpc::InsecureChannelCredentials()))) {
    for (int i = 0;; ++i) {
      grpc::ClientContext context;
      context.set_wait_for_ready(true);
      v1::ListInstancesResponse response;
      grpc::Status status = stub_->ListInstances(&context, {}, &response);
      if (status.ok() && response.instances(0).state() == v1::INSTANCE_STATE_READY) return;
      if (i == 100) Die("the instance did not get ready");
      absl::SleepFor(absl::Milliseconds(50));
    }
  }

  void Run(const std::vector<std::string>& destinations) {
    v1::RunRequest request;
    for (const std::string& d : destinations) Fill(d, request.add_measurements()->mutable_trace());
    grpc::ClientContext context;
    auto stream = stub_->Run(&context, request);
    v1::RunResponse response;
    uint64_t results = 0;
    while (stream->Read(&response)) results += response.has_result();
    grpc::Status status = stream->Finish();
    if (!status.ok() || results != destinations.size()) {
      Die(absl::StrCat(results, " results of ", destinations.size(), ": ", status.error_message()));
    }
  }

  void Trace(const std::string& destination) {
    v1::TraceRequest request;
    Fill(destination, request.mutable_trace());
    grpc::ClientContext context;
    v1::TraceResponse response;
    grpc::Status status = stub_->Trace(&context, request, &response);
    if (!status.ok()) Die(status.error_message());
  }

 private:
  static void Fill(const std::string& destination, v1::TraceParameters* trace) {
    trace->set_dst(destination);
    trace->set_method(v1::TRACE_METHOD_ICMP_PARIS);
  }

  std::unique_ptr<v1::ScamperControl::Stub> stub_;
};

// Distinct addresses of 127.0.0.0/8, another set each time.
std::vector<std::string> Destinations(int count) {
  static uint32_t next = 0x7f000100;
  std::vector<std::string> all;
  for (int i = 0; i < count; ++i, ++next) {
    if ((next & 0xff) == 0xff) next += 2;
    if (next >= 0x7fff0000) next = 0x7f000100;
    all.push_back(
        absl::StrCat("127.", (next >> 16) & 255, ".", (next >> 8) & 255, ".", next & 255));
  }
  return all;
}

double Median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

template <typename F>
double Seconds(F f) {
  const absl::Time start = absl::Now();
  f();
  return absl::ToDoubleSeconds(absl::Now() - start);
}

void Throughput(DirectClient& direct, GrpcClient& through, int traces, int rounds) {
  std::vector<double> ratios, direct_rates, through_rates;
  for (int r = 0; r < rounds; ++r) {
    std::vector<std::string> a = Destinations(traces), b = Destinations(traces);
    direct_rates.push_back(traces / Seconds([&] { direct.Run(a); }));
    through_rates.push_back(traces / Seconds([&] { through.Run(b); }));
    ratios.push_back(through_rates.back() / direct_rates.back());
  }
  std::printf(
      "throughput: direct %.0f traces/s, through the server %.0f traces/s, ratio %.3f "
      "(medians of %d rounds of %d)\n",
      Median(direct_rates), Median(through_rates), Median(ratios), rounds, traces);
}

void Latency(DirectClient& direct, GrpcClient& through, int tasks) {
  std::vector<double> a, b;
  for (int i = 0; i < tasks; ++i) {
    const std::vector<std::string> two = Destinations(2);
    a.push_back(1e6 * Seconds([&] { direct.Run({two[0]}); }));
    b.push_back(1e6 * Seconds([&] { through.Trace(two[1]); }));
  }
  std::printf(
      "latency, one task at a time: direct %.0f us, through the server %.0f us, added %.0f us "
      "(medians of %d, the two in turn)\n",
      Median(a), Median(b), Median(b) - Median(a), tasks);
}

int Main(int argc, char** argv) {
  int traces = 20000, rounds = 5;
  if ((argc > 1 && !absl::SimpleAtoi(argv[1], &traces)) ||
      (argc > 2 && !absl::SimpleAtoi(argv[2], &rounds)) || traces < 1 || rounds < 1) {
    Die("usage: control_bench [traces a round] [rounds]");
  }
  char dir[] = "/tmp/control_bench.XXXXXX";
  if (mkdtemp(dir) == nullptr) Die("no temporary folder");
  const std::string scamper = absl::StrCat(dir, "/scamper"),
                    listen = absl::StrCat("unix:", dir, "/grpc");
  {
    Child daemon({"scamper", "-U", scamper, "-p", "10000"});
    DirectClient direct(scamper);
    Child server({SCAMPER_GRPC_SERVER, "--listen", listen, "--unix", absl::StrCat("vp=", scamper)});
    GrpcClient through(listen);
    Throughput(direct, through, traces, rounds);
    Latency(direct, through, 2000);
  }
  unlink(scamper.c_str());
  unlink(absl::StrCat(dir, "/grpc").c_str());
  rmdir(dir);
  return 0;
}

}  // namespace
}  // namespace scamper

int main(int argc, char** argv) { return scamper::Main(argc, argv); }
