// SPDX-License-Identifier: Apache-2.0
// The executable as a process of its own: signals, and the environment.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <future>
#include <iterator>

#include "client/cli/exit_code.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/records/registry.h"
#include "tests/cli/fake_files.h"
#include "tests/cli/fake_server.h"
#include "tests/cli/files_testing.h"

namespace scamper::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The program, running; its output goes to files.
class Process {
 public:
  Process(const std::string& server, std::vector<std::string> arguments) {
    const std::string environment = "SCAMPER_GRPC_SERVER=" + server;
    arguments.insert(arguments.begin(), SCAMPER_GRPC_CLI);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    char* const envp[] = {const_cast<char*>(environment.c_str()), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, out_.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, err_.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    EXPECT_EQ(posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), envp), 0);
    posix_spawn_file_actions_destroy(&actions);
  }

  ~Process() {
    unlink(out_.c_str());
    unlink(err_.c_str());
  }

  void Signal(int number) { kill(pid_, number); }

  // The exit code; -1 where a signal ended it.
  int Wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::string Out() const { return Read(out_); }
  std::string Err() const { return Read(err_); }

 private:
  static std::string Read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  const std::string out_ = testing::TempDir() + "/cli_out." + std::to_string(getpid());
  const std::string err_ = testing::TempDir() + "/cli_err." + std::to_string(getpid());
  pid_t pid_ = 0;
};

// Sends one result, then waits to be cancelled.
struct Hanging {
  explicit Hanging(FakeServer* server) {
    server->run = [this](grpc::ServerContext* context, const v1::RunRequest&,
                         grpc::ServerWriter<v1::RunResponse>* writer) {
      writer->Write(Accepted("vp1", 0));
      writer->Write(Accepted("vp1", 1));
      writer->Write(PingResult("vp1", 0, "192.0.2.1"));
      sent.set_value();
      while (!context->IsCancelled()) usleep(1000);
      cancelled.store(true);
      return grpc::Status::CANCELLED;
    };
  }
  std::promise<void> sent;
  std::atomic<bool> cancelled{false};
};

void WaitForOutput(const Process& process) {
  while (process.Out().empty()) usleep(1000);
}

TEST(InterruptTest, CtrlCCancelsTheCallKeepsWhatCameAndExitsWith130) {
  FakeServer server;
  Hanging hanging(&server);
  Process process(server.address(), {"ping", "--inst", "vp1", "192.0.2.1", "192.0.2.2"});
  hanging.sent.get_future().wait();
  WaitForOutput(process);
  process.Signal(SIGINT);
  EXPECT_EQ(process.Wait(), 130);
  EXPECT_EQ(process.Out(), records::Text(PingResult("vp1", 0, "192.0.2.1").result().record()));
  EXPECT_THAT(process.Err(), HasSubstr("1 of 2 tasks gave a result"));
  while (!hanging.cancelled.load()) usleep(1000);
}

TEST(InterruptTest, TerminationExitsWith143) {
  FakeServer server;
  Hanging hanging(&server);
  Process process(server.address(), {"ping", "--inst", "vp1", "192.0.2.1", "192.0.2.2"});
  hanging.sent.get_future().wait();
  process.Signal(SIGTERM);
  EXPECT_EQ(process.Wait(), 143);
}

// A conversion that waits for more input.
class InterruptedConversion : public testing::Test {
 protected:
  InterruptedConversion() { EXPECT_EQ(mkfifo(folder_.Path("in").c_str(), 0600), 0); }

  // Interrupts it once a file beside the output is there, and expects that none is left.
  void Interrupt(Process& process) {
    const int in = open(folder_.Path("in").c_str(), O_WRONLY);
    while (folder_.Names().size() < 2) usleep(1000);
    process.Signal(SIGINT);
    EXPECT_EQ(process.Wait(), 130);
    EXPECT_THAT(folder_.Names(), ElementsAre("in"));
    EXPECT_EQ(process.Err(), "");
    close(in);
  }

  const Folder folder_;
};

TEST_F(InterruptedConversion, HereLeavesNoFile) {
  Process process("", {"convert", "--local", folder_.Path("in"), folder_.Path("out.txt")});
  Interrupt(process);
}

TEST_F(InterruptedConversion, AtTheServerLeavesNoFile) {
  FakeFiles server;
  Process process(server.address(), {"convert", folder_.Path("in"), folder_.Path("out.txt")});
  Interrupt(process);
}

TEST_F(InterruptedConversion, AnUploadThatWaitsForInputEndsAtOnce) {
  FakeFiles server;
  Process process(server.address(), {"put", folder_.Path("in"), "a"});
  const int in = open(folder_.Path("in").c_str(), O_WRONLY);
  process.Signal(SIGINT);
  EXPECT_EQ(process.Wait(), 130);
  EXPECT_TRUE(server.store().empty());
  close(in);
}

TEST(ProcessTest, TheEnvironmentNamesTheServer) {
  FakeServer server;
  AddInstance(&server.instances, "vp1");
  Process process(server.address(), {"instances"});
  EXPECT_EQ(process.Wait(), kSuccess);
  EXPECT_THAT(process.Out(), HasSubstr("vp1"));
}

}  // namespace
}  // namespace scamper::cli
