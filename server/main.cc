// SPDX-License-Identifier: Apache-2.0
// scamper-grpc-server: wiring only.
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <future>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/ext/channelz_service_plugin.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/health_check_service_interface.h"
#include "server/broker/broker.h"
#include "server/broker/fleet.h"
#include "server/config/config.h"
#include "server/control/asio_executor.h"
#include "server/control/socket_network.h"
#include "server/policy/policy.h"
#include "server/recorder/recorder.h"
#include "server/records/registry.h"
#include "server/service/control_service.h"
#include "server/service/files_service.h"
#include "server/service/record_reader.h"
#include "server/store/store.h"

namespace scamper {
namespace {

// A Run of many thousand measurements is one message.
constexpr int kMaxRequestBytes = 64 << 20;
// A client that vanished without a word is noticed, and what its calls hold is freed, after so
// long.
constexpr int kKeepaliveMs = 60 * 1000;
constexpr int kKeepaliveTimeoutMs = 30 * 1000;
// How often a client may ask whether the server is there, also while nothing is sent. It is what
// gRPC for Go asks at most.
constexpr int kMinClientPingMs = 10 * 1000;
// How long NOT_SERVING can be seen before calls are refused.
constexpr auto kLameDuck = std::chrono::milliseconds(500);
constexpr absl::Duration kHaltGrace = absl::Seconds(2);
// A changed file of the policy is read once it has not changed for so long.
constexpr absl::Duration kPolicyRefresh = absl::Seconds(1);
// For files that are being made at the end; those that are not ready the next start makes.
constexpr absl::Duration kRecordingGrace = absl::Milliseconds(500);
// How long calls may take to end by themselves, and then, once they are cancelled, to be gone.
constexpr auto kCloseGrace = std::chrono::milliseconds(1000);
constexpr auto kCancelGrace = std::chrono::milliseconds(500);

// Runs `f` on the control thread and waits for it.
template <typename F>
void OnControlThread(base::Executor* executor, F f) {
  std::promise<void> done;
  executor->Post([&] {
    f();
    done.set_value();
  });
  done.get_future().wait();
}

std::unique_ptr<grpc::Server> StartServer(const config::ServerConfig& config,
                                          service::ControlService* control,
                                          service::FilesService* files) {
  grpc::EnableDefaultHealthCheckService(true);
  if (config.reflection) grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::channelz::experimental::InitChannelzService();
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kMinClientPingMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  for (const std::string& listen : config.listen) {
    builder.AddListeningPort(listen, grpc::InsecureServerCredentials());
  }
  builder.RegisterService(control);
  builder.RegisterService(files);
  return builder.BuildAndStart();
}

// Ends the calls and the connections. False where they do not end: gRPC waits as long as a client
// takes nothing of what is being written to it.
bool EndServer(std::unique_ptr<grpc::Server> server) {
  std::promise<void> ended;
  std::future<void> end = ended.get_future();
  std::thread([server = std::move(server), ended = std::move(ended)]() mutable {
    server->Shutdown(std::chrono::system_clock::now() + kCloseGrace);
    server.reset();
    ended.set_value();
  }).detach();
  return end.wait_for(kCloseGrace + kCancelGrace) == std::future_status::ready;
}

// Null where none is configured.
absl::StatusOr<std::unique_ptr<store::Store>> OpenStore(const config::ServerConfig& config) {
  if (config.data_dir.empty()) return nullptr;
  return store::Store::Open(config.data_dir, config.data_dir_max_bytes);
}

absl::StatusOr<std::unique_ptr<policy::Policy>> MakePolicy(const config::ServerConfig& config) {
  return policy::Policy::Make(
      {config.do_not_probe, config.allow_measurements, config.allow_spoofing});
}

void Log(const std::string& line) {
  std::cerr << absl::StrCat("scamper-grpc-server: ", line, "\n");
}

// Null where there is no store. Goes on with what an earlier server was recording.
std::unique_ptr<recorder::Recorder> MakeRecorder(store::Store* store, base::Executor* executor) {
  if (store == nullptr) return nullptr;
  recorder::RecorderOptions options;
  options.log = Log;
  auto recorder = std::make_unique<recorder::Recorder>(store, executor, std::move(options));
  if (const absl::Status status = recorder->Recover(); !status.ok()) {
    Log(absl::StrCat("recordings of the last server: ", status.message()));
  }
  return recorder;
}

int Main(int argc, char** argv) {
  config::ParsedConfig parsed = config::ParseCommandLine(argc, argv);
  if (parsed.exit_code >= 0) return parsed.exit_code;
  const config::ServerConfig& config = parsed.config;
  // Abseil built without NDEBUG, as Debian does, looks for deadlocks: each lock that gRPC takes
  // would take a second one, of the whole process.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);

  // Blocked here, and so in every thread to come; sigwait below takes them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  absl::StatusOr<std::unique_ptr<store::Store>> store = OpenStore(config);
  if (!store.ok()) {
    std::cerr << "scamper-grpc-server: " << store.status().message() << "\n";
    return 1;
  }
  absl::StatusOr<std::unique_ptr<policy::Policy>> policy = MakePolicy(config);
  if (!policy.ok()) {
    std::cerr << "scamper-grpc-server: " << policy.status().message() << "\n";
    return 2;
  }
  (*policy)->KeepFresh(kPolicyRefresh, Log);
  service::RecordReader reader;
  control::ControlThread thread;
  thread.Start();
  base::Executor* executor = thread.executor();
  broker::BrokerOptions options;
  options.window = config.window;
  options.queue_window = config.queue_window;
  options.client_limits = {config.client_max_tasks, config.client_tasks_per_second,
                           config.client_probes_per_second};
  options.capabilities = records::Capabilities;
  std::unique_ptr<broker::Broker> broker = broker::MakeBroker(options, executor, &reader);
  std::unique_ptr<broker::Fleet> fleet;
  OnControlThread(executor, [&] {
    fleet = std::make_unique<broker::Fleet>(
        broker.get(), control::MakeSocketNetwork(thread.io_context(), executor), config.versions);
    for (const config::InstanceConfig& instance : config.instances) {
      const auto name = fleet->Attach(instance.endpoint, instance.name);
      if (!name.ok()) std::cerr << "scamper-grpc-server: " << name.status().message() << "\n";
    }
  });
  const auto end = [&](service::ControlService* control) {
    OnControlThread(executor, [&] {
      control->Close();
      fleet.reset();
      broker.reset();
    });
  };

  const std::unique_ptr<recorder::Recorder> recorder = MakeRecorder(store->get(), executor);

  service::RunLimits limits;
  limits.policy = policy->get();
  limits.grace = absl::Seconds(config.session_grace);
  control::ControlThread disk;
  disk.Start();
  limits.disk = {store->get(), disk.executor(), config.session_disk_bytes};
  service::ControlService control(broker.get(), fleet.get(), executor, limits, recorder.get(),
                                  config.allow_attach);
  service::FilesService files(store->get(), static_cast<size_t>(config.file_calls));
  std::unique_ptr<grpc::Server> server = StartServer(config, &control, &files);
  if (server == nullptr) {
    std::cerr << "scamper-grpc-server: could not listen on";
    for (const std::string& listen : config.listen) std::cerr << " " << listen;
    std::cerr << "\n";
    end(&control);
    return 1;
  }
  grpc::HealthCheckServiceInterface* health = server->GetHealthCheckService();
  health->SetServingStatus(v1::ScamperControl::service_full_name(), true);
  health->SetServingStatus(v1::ScamperFiles::service_full_name(), true);
  for (const std::string& listen : config.listen) std::cerr << "listening on " << listen << "\n";

  int signal = 0;
  sigwait(&signals, &signal);
  std::cerr << "shutting down\n";
  health->SetServingStatus(false);
  files.ShutDown();
  std::promise<void> ended;
  executor->Post([&] {
    control.ShutDown();
    broker->Shutdown(kHaltGrace, [&] { ended.set_value(); });
  });
  std::this_thread::sleep_for(kLameDuck);
  ended.get_future().wait();
  const bool all_ended = EndServer(std::move(server));
  if (all_ended) end(&control);
  if (recorder != nullptr) recorder->WaitUntilIdle(kRecordingGrace);
  // What is left of the calls uses what would be destroyed here.
  if (!all_ended) std::_Exit(0);
  return 0;
}

}  // namespace
}  // namespace scamper

int main(int argc, char** argv) { return scamper::Main(argc, argv); }
