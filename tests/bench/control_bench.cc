// SPDX-License-Identifier: Apache-2.0
// What the way through gRPC costs, against a direct client of the control socket.
//
// Starts scamper daemons (-p 10000) on unix sockets and the server on them, probes distinct
// addresses of 127.0.0.0/8 with `trace -P icmp-paris`, and prints of one run
// - the ratio of throughputs, rounds of the two in turn: a direct client for each daemon, all at
// the
//   same time, and one Run on all. Both keep the same number of tasks out at each: few enough that
//   the replies fit into scamper's socket buffer, so that none is lost and waited for. A run in
//   which scamper did wait measures nothing, and ends the bench with an error. Several daemons have
//   a network namespace each (which needs root), as one hears the replies to all that share one;
// - with one daemon the latency that the server adds to one task at a time, and for comparison that
//   of an RPC which does nothing but visit the control thread. The two clients and that RPC in
//   turn.
//
//   control_bench [traces a round, default 30000] [rounds, default 9] [daemons, default 1]
//   control_bench stopped [seconds, default 60]
//
// The second form: what a client costs that stops reading for so long, with 100,000 results due
// from one daemon. How much the server's memory grows, and the throughput that another client has
// meanwhile from a second daemon, as a ratio to that before.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "scamper/v1/control.grpc.pb.h"
#include "tests/bench/processes.h"

namespace scamper {
namespace {

using bench::Child;
using bench::Die;
using bench::FreePort;
using bench::Median;

// Tasks out at scamper. It probes once for each, so at most so many replies wait for it; Linux's
// default socket buffer has room for some 270.
constexpr uint64_t kWindow = 64;
// Scamper waits 5 s for a reply that was lost.
constexpr absl::Duration kLongestPause = absl::Seconds(2);

// Whether results kept coming.
class Pauses {
 public:
  // Results were seen up to now.
  void Saw(uint64_t results) {
    if (results == results_) return;
    results_ = results;
    const absl::Time now = absl::Now();
    longest_ = std::max(longest_, now - last_);
    last_ = now;
  }
  absl::Duration longest() const { return longest_; }

 private:
  uint64_t results_ = 0;
  absl::Time last_ = absl::Now();
  absl::Duration longest_;
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

  // Returns when all have their result; at most kWindow are out at a time.
  void Run(const std::vector<std::string>& destinations, Pauses& pauses) {
    const uint64_t start = data_;
    for (size_t sent = 0; data_ - start < destinations.size(); pauses.Saw(data_)) {
      std::string commands;
      for (; sent < destinations.size() && sent - (data_ - start) < kWindow; ++sent) {
        absl::StrAppend(&commands, "trace -P icmp-paris ", destinations[sent], "\n");
      }
      Write(commands);
      ReadSome();
    }
  }

  void Trace(const std::string& destination) {
    Write(absl::StrCat("trace -P icmp-paris ", destination, "\n"));
    for (const uint64_t before = data_; data_ == before;) ReadSome();
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
  GrpcClient(const std::string& target, size_t daemons)
      : stub_(v1::ScamperControl::NewStub(
            grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), Lean()))) {
    for (int i = 0;; ++i) {
      grpc::ClientContext context;
      context.set_wait_for_ready(true);
      v1::ListInstancesResponse response;
      grpc::Status status = stub_->ListInstances(&context, {}, &response);
      names_.clear();
      for (const v1::Instance& instance : response.instances()) {
        if (instance.state() == v1::INSTANCE_STATE_READY) names_.push_back(instance.name());
      }
      if (status.ok() && names_.size() == daemons) return;
      if (i == 100) Die("the instance did not get ready");
      absl::SleepFor(absl::Milliseconds(50));
    }
  }

  // Spread over all instances.
  void Run(const std::vector<std::string>& destinations, Pauses& pauses) {
    grpc::ClientContext context;
    auto stream = Begin(&context, destinations);
    v1::RunResponse response;
    uint64_t results = 0;
    while (stream->Read(&response)) {
      results += response.has_result();
      pauses.Saw(results);
    }
    grpc::Status status = stream->Finish();
    if (!status.ok() || results != destinations.size()) {
      Die(absl::StrCat(results, " results of ", destinations.size(), ": ", status.error_message()));
    }
  }

  std::unique_ptr<grpc::ClientReader<v1::RunResponse>> Begin(
      grpc::ClientContext* context, const std::vector<std::string>& destinations) {
    v1::RunRequest request;
    for (size_t i = 0; i < destinations.size(); ++i) {
      v1::Measurement* measurement = request.add_measurements();
      Fill(destinations[i], measurement->mutable_trace());
      measurement->add_instances(names_[i % names_.size()]);
    }
    return stub_->Run(context, request);
  }

  // Measures from that instance only.
  void Choose(const std::string& instance) { names_ = {instance}; }

  void ListInstances() {
    grpc::ClientContext context;
    v1::ListInstancesResponse response;
    grpc::Status status = stub_->ListInstances(&context, {}, &response);
    if (!status.ok()) Die(status.error_message());
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
  // Without the support for retries, which costs a call 8 us and is not used.
  static grpc::ChannelArguments Lean() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    // Each client has a connection of its own.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return arguments;
  }

  static void Fill(const std::string& destination, v1::TraceParameters* trace) {
    trace->set_dst(destination);
    trace->set_method(v1::TRACE_METHOD_ICMP_PARIS);
  }

  std::unique_ptr<v1::ScamperControl::Stub> stub_;
  std::vector<std::string> names_;
};

// A client for each daemon, all at the same time.
class DirectClients {
 public:
  explicit DirectClients(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) clients_.push_back(std::make_unique<DirectClient>(path));
  }
  DirectClient& first() { return *clients_[0]; }

  void Run(const std::vector<std::string>& destinations, Pauses& pauses) {
    const size_t share = destinations.size() / clients_.size();
    std::vector<std::thread> others;
    for (size_t c = 1; c < clients_.size(); ++c) {
      others.emplace_back([&, c] {
        Pauses unseen;
        clients_[c]->Run(Part(destinations, c * share, share), unseen);
      });
    }
    clients_[0]->Run(Part(destinations, 0, share), pauses);
    for (std::thread& other : others) other.join();
  }

 private:
  static std::vector<std::string> Part(const std::vector<std::string>& all, size_t at, size_t n) {
    const auto begin = all.begin() + static_cast<ptrdiff_t>(at);
    return {begin, begin + static_cast<ptrdiff_t>(n)};
  }

  std::vector<std::unique_ptr<DirectClient>> clients_;
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

template <typename F>
double Seconds(F f) {
  const absl::Time start = absl::Now();
  f();
  return absl::ToDoubleSeconds(absl::Now() - start);
}

// Traces a second of one run.
template <typename Client>
double Rate(Client& client, int traces) {
  const std::vector<std::string> destinations = Destinations(traces);
  Pauses pauses;
  const double rate = traces / Seconds([&] { client.Run(destinations, pauses); });
  if (pauses.longest() > kLongestPause) {
    Die(absl::StrCat("no result for ", absl::FormatDuration(pauses.longest()),
                     ": scamper lost a reply and waited; run it again"));
  }
  return rate;
}

void Throughput(DirectClients& direct, GrpcClient& through, int traces, int rounds) {
  std::vector<double> ratios, direct_rates, through_rates;
  for (int r = 0; r < rounds; ++r) {
    direct_rates.push_back(Rate(direct, traces));
    through_rates.push_back(Rate(through, traces));
    ratios.push_back(through_rates.back() / direct_rates.back());
  }
  std::printf(
      "throughput: direct %.0f traces/s, through the server %.0f traces/s, ratio %.3f "
      "(medians of %d rounds of %d; ratios %.3f - %.3f)\n",
      Median(direct_rates), Median(through_rates), Median(ratios), rounds, traces,
      *std::min_element(ratios.begin(), ratios.end()),
      *std::max_element(ratios.begin(), ratios.end()));
}

void Latency(DirectClient& direct, GrpcClient& through, int tasks) {
  std::vector<double> a, b, c;
  for (int i = 0; i < tasks; ++i) {
    const std::vector<std::string> two = Destinations(2);
    a.push_back(1e6 * Seconds([&] { direct.Trace(two[0]); }));
    b.push_back(1e6 * Seconds([&] { through.Trace(two[1]); }));
    c.push_back(1e6 * Seconds([&] { through.ListInstances(); }));
  }
  std::printf(
      "latency, one task at a time: direct %.0f us, through the server %.0f us, added %.0f us "
      "(medians of %d); ListInstances %.0f us\n",
      Median(a), Median(b), Median(b) - Median(a), tasks, Median(c));
}

// Resident megabytes of a process.
double Megabytes(pid_t pid) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  std::string word;
  double kilobytes = 0;
  while (status >> word) {
    if (word == "VmRSS:") status >> kilobytes;
  }
  return kilobytes / 1024;
}

void StoppedReader(GrpcClient& stopped, GrpcClient& other, pid_t server, int seconds) {
  constexpr int kTraces = 20000, kDue = 100000;
  stopped.Choose("vp0");
  other.Choose("vp1");
  std::vector<double> before, meanwhile;
  for (int i = 0; i < 5; ++i) before.push_back(Rate(other, kTraces));
  const double memory = Megabytes(server);
  grpc::ClientContext context;
  auto stream = stopped.Begin(&context, Destinations(kDue));
  v1::RunResponse first;
  if (!stream->Read(&first)) Die("no first event");
  const double begun = Megabytes(server);
  double most = begun;
  for (const absl::Time end = absl::Now() + absl::Seconds(seconds); absl::Now() < end;) {
    meanwhile.push_back(Rate(other, kTraces));
    most = std::max(most, Megabytes(server));
  }
  context.TryCancel();
  std::printf(
      "a client that stops reading for %d s with %d results due: server memory grows by %.0f MB, "
      "from %.0f that were %.0f before its request; another client: %.0f traces/s before, %.0f "
      "meanwhile, ratio %.3f\n",
      seconds, kDue, most - begun, begun, memory, Median(before), Median(meanwhile),
      Median(meanwhile) / Median(before));
}

int Main(int argc, char** argv) {
  int traces = 30000, rounds = 9, daemons = 1, stopped = 0;
  if (argc > 1 && std::string(argv[1]) == "stopped") {
    stopped = 60;
    daemons = 2;
    if (argc > 2 && !absl::SimpleAtoi(argv[2], &stopped))
      Die("usage: control_bench stopped [seconds]");
  } else if ((argc > 1 && !absl::SimpleAtoi(argv[1], &traces)) ||
             (argc > 2 && !absl::SimpleAtoi(argv[2], &rounds)) ||
             (argc > 3 && !absl::SimpleAtoi(argv[3], &daemons)) || rounds < 1 || daemons < 1 ||
             traces < daemons) {
    Die("usage: control_bench [traces a round] [rounds] [daemons]");
  }
  traces -= traces % daemons;
  // As the server does, see server/main.cc.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  char dir[] = "/tmp/control_bench.XXXXXX";
  if (mkdtemp(dir) == nullptr) Die("no temporary folder");
  const std::string listen = absl::StrCat("127.0.0.1:", FreePort());
  std::vector<std::string> sockets;
  std::vector<std::string> command = {SCAMPER_GRPC_SERVER, "--listen", listen, "--window",
                                      absl::StrCat(kWindow)};
  for (int d = 0; d < daemons; ++d) {
    sockets.push_back(absl::StrCat(dir, "/scamper", d));
    command.insert(command.end(), {"--unix", absl::StrCat("vp", d, "=", sockets.back())});
  }
  {
    std::vector<std::unique_ptr<Child>> scampers;
    for (const std::string& socket : sockets) {
      std::vector<std::string> scamper = {"scamper", "-U", socket, "-p", "10000"};
      if (daemons > 1) {
        scamper.insert(scamper.begin(),
                       {"unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$0\" \"$@\""});
      }
      scampers.push_back(std::make_unique<Child>(std::move(scamper)));
    }
    DirectClients direct(sockets);
    Child server(command);
    GrpcClient through(listen, sockets.size());
    if (stopped > 0) {
      GrpcClient other(listen, sockets.size());
      StoppedReader(through, other, server.pid(), stopped);
    } else {
      Throughput(direct, through, traces, rounds);
      if (daemons == 1) Latency(direct.first(), through, 2000);
    }
  }
  for (const std::string& socket : sockets) unlink(socket.c_str());
  rmdir(dir);
  return 0;
}

}  // namespace
}  // namespace scamper

int main(int argc, char** argv) { return scamper::Main(argc, argv); }
