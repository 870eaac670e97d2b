// SPDX-License-Identifier: Apache-2.0
// Many instances at once: vantage points that answer at once, played by a process of the bench,
// over one mux and over sockets of their own in a directory. Each has 100 tasks out. Prints for
// both
// - results a second that one client of Run receives, with the processor time that the server, the
//   vantage points and the client took for it, and the most memory that the server had;
// - at half that rate, how long after the vantage point sent a result the client has it.
//
//   scale_bench [instances, default 1000] [tasks of each, default 400]
//   scale_bench --check INSTANCES TASKS    counts only; fails unless every task has its result
#include <sys/resource.h>

#include <asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "scamper/v1/control.grpc.pb.h"
#include "server/records/registry.h"
#include "tests/bench/processes.h"
#include "tests/fakes/fake_mux.h"

namespace scamper {
namespace {

using bench::Child;
using bench::Die;

constexpr int kWindow = 100;

// ---- the vantage points

v1::Record Metadata(int type) {
  v1::Record record;
  if (type == 1) {
    record.mutable_list()->set_warts_id(1);
    record.mutable_list()->set_id(0);
    record.mutable_list()->set_name("list");
  } else if (type == 2) {
    record.mutable_cycle_start()->set_warts_id(1);
    record.mutable_cycle_start()->set_list_id(1);
    record.mutable_cycle_start()->set_id(1);
    record.mutable_cycle_start()->mutable_start()->set_seconds(1700000000);
  } else {
    record.mutable_cycle_stop()->set_cycle_id(1);
    record.mutable_cycle_stop()->mutable_stop()->set_seconds(1700000000);
  }
  return record;
}

std::string Written(const v1::Record& record) {
  absl::StatusOr<std::string> bytes = records::Write(record);
  if (!bytes.ok()) Die(std::string(bytes.status().message()));
  return *std::move(bytes);
}

// A ping without a reply, begun at that time.
v1::Record Ping(absl::Time start) {
  v1::Record record;
  v1::Ping* ping = record.mutable_ping();
  ping->set_list_id(1);
  ping->set_cycle_id(1);
  ping->set_src("192.0.2.200");
  ping->set_dst("192.0.2.1");
  ping->mutable_start()->set_seconds(absl::ToUnixMicros(start) / 1000000);
  ping->mutable_start()->set_nanos(static_cast<int>(absl::ToUnixMicros(start) % 1000000 * 1000));
  ping->set_probe_size(84);
  ping->set_attempts(1);
  return record;
}

// Plays `count` vantage points at the path: a mux, or a directory. At most `rate` results a second,
// which then say when they were sent; 0: as fast as can be. Never returns.
[[noreturn]] void Play(const std::string& path, bool mux, int count, int rate) {
  asio::io_context io(1);
  fakes::FakeMuxOptions options;
  if (mux) options.path = path;
  options.list_record = Written(Metadata(1));
  options.cycle_record = Written(Metadata(2));
  options.cycle_stop_record = Written(Metadata(4));
  if (rate > 0) options.result_spacing = std::chrono::nanoseconds(1000000000 / rate);
  options.result = [rate, same = Written(Ping(absl::Now()))](std::string_view) {
    return rate == 0 ? same : Written(Ping(absl::Now()));
  };
  fakes::FakeMux fake(&io, options);
  for (int i = 0; i < count; ++i) {
    if (mux) {
      fake.AddVp({{1, absl::StrCat("vp", i)}, {2, "1700000000.000001"}, {5, "NZ"}});
    } else {
      fake.AddSocket(absl::StrCat(path, "/vp", i, "-192.0.2.1:", 1000 + i));
    }
  }
  for (;;) io.run();
}

// ---- the client

struct Usage {
  double seconds = 0;  // of processor time
  int64_t peak_bytes = 0;
};

Usage UsageOf(pid_t pid) {
  Usage usage;
  std::ifstream stat(absl::StrCat("/proc/", pid, "/stat"));
  std::string word;
  for (int i = 1; i <= 15 && stat >> word; ++i) {
    int64_t ticks = 0;
    if (i >= 14 && absl::SimpleAtoi(word, &ticks)) {
      usage.seconds += static_cast<double>(ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
    }
  }
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  while (status >> word) {
    if (word == "VmHWM:" && status >> usage.peak_bytes) usage.peak_bytes *= 1024;
  }
  return usage;
}

// One server on the vantage points, and the way to it.
class Scene {
 public:
  Scene(const std::string& program, const std::string& directory, bool mux, int instances, int rate)
      : path_(directory + (mux ? "/mux" : "/vps")),
        address_("unix:" + directory + "/server"),
        played_(Player(program, path_, mux, instances, rate)),
        server_({SCAMPER_GRPC_SERVER, "--listen", address_, mux ? "--mux" : "--remote_dir", path_,
                 "--window", absl::StrCat(kWindow)}),
        stub_(v1::ScamperControl::NewStub(
            grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()))) {
    const absl::Time deadline = absl::Now() + absl::Seconds(120);
    while (Ready() != instances) {
      if (absl::Now() > deadline) Die(absl::StrCat("only ", Ready(), " instances got ready"));
      absl::SleepFor(absl::Milliseconds(100));
    }
  }

  // `tasks` measurements on all; the latency of each result, microseconds, in the order of
  // arrival. Dies unless each task has its result.
  std::vector<double> Run(int instances, int tasks) {
    v1::RunRequest request;
    request.set_all_instances(true);
    for (int i = 0; i < tasks; ++i) {
      v1::PingParameters* ping = request.add_measurements()->mutable_ping();
      ping->set_dst("192.0.2.1");
      ping->set_userid(static_cast<uint32_t>(i));
    }
    grpc::ClientContext context;
    auto stream = stub_->Run(&context, request);
    v1::RunResponse response;
    std::vector<double> latencies;
    while (stream->Read(&response)) {
      if (response.has_error()) Die(response.error().status().message());
      if (!response.has_result()) continue;
      const auto& start = response.result().record().ping().start();
      latencies.push_back(1e6 * absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()) -
                          1e6 * static_cast<double>(start.seconds()) - start.nanos() / 1e3);
    }
    const grpc::Status status = stream->Finish();
    const auto expected = static_cast<size_t>(instances) * static_cast<size_t>(tasks);
    if (!status.ok() || latencies.size() != expected ||
        response.done().ledger().results() != expected) {
      Die(absl::StrCat(latencies.size(), " results of ", expected, ": ", status.error_message()));
    }
    return latencies;
  }

  Usage server() const { return UsageOf(server_.pid()); }
  Usage played() const { return UsageOf(played_.pid()); }

 private:
  static std::vector<std::string> Player(const std::string& program, const std::string& path,
                                         bool mux, int instances, int rate) {
    // What the last ones left.
    std::filesystem::remove_all(path);
    if (!mux) std::filesystem::create_directory(path);
    return {program, mux ? "--play_mux" : "--play_dir", path, absl::StrCat(instances),
            absl::StrCat(rate)};
  }

  int Ready() {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    v1::ListInstancesRequest request;
    request.set_instance_filter("state = ready");
    v1::ListInstancesResponse response;
    stub_->ListInstances(&context, request, &response);
    return response.instances_size();
  }

  const std::string path_;
  const std::string address_;
  Child played_;
  Child server_;
  std::unique_ptr<v1::ScamperControl::Stub> stub_;
};

double OwnSeconds() { return UsageOf(getpid()).seconds; }

// Returns the results a second.
double Throughput(const std::string& program, const std::string& directory, bool mux, int instances,
                  int tasks) {
  Scene scene(program, directory, mux, instances, 0);
  const double server = scene.server().seconds, played = scene.played().seconds;
  const double own = OwnSeconds();
  const absl::Time start = absl::Now();
  scene.Run(instances, tasks);
  const double rate = 1.0 * instances * tasks / absl::ToDoubleSeconds(absl::Now() - start);
  const Usage after = scene.server();
  std::printf(
      "%s: %d instances, %d tasks each: %.0f results/s; processor: server %.1f s, vantage points "
      "%.1f s, client %.1f s; server memory at most %.0f MB\n",
      mux ? "mux" : "directory", instances, tasks, rate, after.seconds - server,
      scene.played().seconds - played, OwnSeconds() - own,
      static_cast<double>(after.peak_bytes) / 1e6);
  return rate;
}

void Latency(const std::string& program, const std::string& directory, bool mux, int instances,
             int rate) {
  const int tasks = 3 * kWindow;
  Scene scene(program, directory, mux, instances, rate);
  std::vector<double> latencies = scene.Run(instances, tasks);
  // While the server is still sending the first tasks.
  latencies.erase(latencies.begin(), latencies.begin() + static_cast<long>(latencies.size() / 3));
  std::sort(latencies.begin(), latencies.end());
  const auto at = [&](double part) {
    return latencies[static_cast<size_t>(part * static_cast<double>(latencies.size() - 1))] / 1e3;
  };
  std::printf("%s: at %d results/s the client has a result after %.1f ms (median), %.1f ms (p99)\n",
              mux ? "mux" : "directory", rate, at(0.5), at(0.99));
}

int Number(const char* text) {
  int number = 0;
  if (!absl::SimpleAtoi(text, &number) || number < 0) Die("usage: scale_bench [instances] [tasks]");
  return number;
}

int Main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  if (absl::StartsWith(mode, "--play_") && argc == 5) {
    Play(argv[2], mode == "--play_mux", Number(argv[3]), Number(argv[4]));
  }
  const bool check = mode == "--check";
  const int first = check ? 2 : 1;
  const int instances = argc > first ? Number(argv[first]) : 1000;
  const int tasks = argc > first + 1 ? Number(argv[first + 1]) : 400;
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  // A descriptor for each socket, of which the server and the vantage points have as many.
  rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur < static_cast<rlim_t>(instances) * 2 + 100) Die("cannot open enough files");
  char directory[] = "/tmp/scale_bench.XXXXXX";
  if (mkdtemp(directory) == nullptr) Die("no temporary folder");
  for (const bool mux : {true, false}) {
    const double rate = Throughput(argv[0], directory, mux, instances, tasks);
    if (!check) Latency(argv[0], directory, mux, instances, static_cast<int>(rate / 2));
  }
  std::filesystem::remove_all(directory);
  return 0;
}

}  // namespace
}  // namespace scamper

int main(int argc, char** argv) { return scamper::Main(argc, argv); }
