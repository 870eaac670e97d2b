// SPDX-License-Identifier: Apache-2.0
// What benches have in common: their processes, and medians.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

extern char** environ;

namespace scamper::bench {

// Those that Child started and did not end yet.
inline std::vector<pid_t> children;

[[noreturn]] inline void Die(const std::string& why) {
  std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, why.c_str());
  for (const pid_t child : children) kill(child, SIGTERM);
  std::exit(1);
}

// A port of 127.0.0.1 that nobody listens on.
inline uint16_t FreePort() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd, any, size) != 0 || getsockname(fd, any, &size) != 0) Die("no free port");
  close(fd);
  return ntohs(address.sin_port);
}

// Starts a program, its output to /dev/null.
inline pid_t Start(std::vector<std::string> argv) {
  std::vector<char*> args;
  for (std::string& a : argv) args.push_back(a.data());
  args.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  if (posix_spawnp(&pid, args[0], &actions, nullptr, args.data(), environ) != 0) {
    Die(absl::StrCat("could not start ", argv[0]));
  }
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

// A process of the bench's own; ended with it.
class Child {
 public:
  explicit Child(std::vector<std::string> argv) : pid_(Start(std::move(argv))) {
    children.push_back(pid_);
  }
  ~Child() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
    children.erase(std::find(children.begin(), children.end(), pid_));
  }

  pid_t pid() const { return pid_; }

 private:
  const pid_t pid_;
};

inline double Median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

}  // namespace scamper::bench
