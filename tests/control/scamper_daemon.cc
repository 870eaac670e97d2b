// SPDX-License-Identifier: Apache-2.0
#include "tests/control/scamper_daemon.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>

namespace scamper::control {
namespace {

constexpr char kScamper[] = "/usr/bin/scamper";

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int FreePort() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  ::bind(fd, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

template <typename Address>
bool Connects(const Address& address) {
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  const int fd = ::socket(generic->sa_family, SOCK_STREAM, 0);
  const bool connected = ::connect(fd, generic, sizeof address) == 0;
  ::close(fd);
  return connected;
}

}  // namespace

std::string ScamperDaemon::WhyNot() {
  if (::access(kScamper, X_OK) != 0) return std::string(kScamper) + " is not installed";
  if (::geteuid() != 0) return "scamper needs root";
  return "";
}

ScamperDaemon::ScamperDaemon() {
  std::string directory = std::filesystem::temp_directory_path() / "scamper-XXXXXX";
  if (::mkdtemp(directory.data()) == nullptr) {
    ADD_FAILURE() << "mkdtemp: " << std::strerror(errno);
    return;
  }
  directory_ = directory;
  socket_path_ = directory_ + "/scamper.sock";
  port_ = FreePort();
  const std::string port = std::to_string(port_);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::execl(kScamper, kScamper, "-U", socket_path_.c_str(), "-P", port.c_str(), nullptr);
    ::_exit(127);
  }
  for (int i = 0; i < 1000 && !Listening(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(Listening()) << "scamper did not begin to listen";
}

ScamperDaemon::~ScamperDaemon() {
  Kill();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void ScamperDaemon::Kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

bool ScamperDaemon::Listening() const {
  sockaddr_un path{};
  path.sun_family = AF_UNIX;
  std::strncpy(path.sun_path, socket_path_.c_str(), sizeof path.sun_path - 1);
  return Connects(path) && Connects(Loopback(port_));
}

}  // namespace scamper::control
