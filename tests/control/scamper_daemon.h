// SPDX-License-Identifier: Apache-2.0
// A real scamper process for a test; ends with the test.
#pragma once

#include <string>

namespace scamper::control {

class ScamperDaemon {
 public:
  // Why none can be started here; empty when one can.
  static std::string WhyNot();

  // Starts one that listens on a unix socket and on a free TCP port of 127.0.0.1. Returns when both
  // listen.
  ScamperDaemon();
  ~ScamperDaemon();
  ScamperDaemon(const ScamperDaemon&) = delete;
  ScamperDaemon& operator=(const ScamperDaemon&) = delete;

  // "unix:PATH" and "inet:127.0.0.1:PORT".
  std::string unix_endpoint() const { return "unix:" + socket_path_; }
  std::string inet_endpoint() const { return "inet:127.0.0.1:" + std::to_string(port_); }
  // kill -9.
  void Kill();

 private:
  bool Listening() const;

  std::string directory_, socket_path_;
  int port_ = 0;
  int pid_ = -1;
};

}  // namespace scamper::control
