// SPDX-License-Identifier: Apache-2.0
// The control thread: an Asio loop, and base::Executor on it.
#pragma once

#include <functional>
#include <memory>

#include "absl/time/time.h"
#include "server/base/executor.h"

namespace asio {
class io_context;
}  // namespace asio

namespace scamper::control {

// base::Executor on an io_context that one thread runs. The io_context must outlive it.
std::unique_ptr<base::Executor> MakeAsioExecutor(asio::io_context* io_context);

// Owns the loop and the thread that runs it. Start and Stop on one thread (main's).
// REQUIRES: sessions, connectors and timers made on it are destroyed before it.
class ControlThread {
 public:
  ControlThread();
  ~ControlThread();  // Stops.
  ControlThread(const ControlThread&) = delete;
  ControlThread& operator=(const ControlThread&) = delete;

  // Begins to run what was posted, also before Start. Once.
  void Start();
  // Returns when the function that runs now has returned; what is behind it is never run.
  void Stop();

  base::Executor* executor() { return executor_.get(); }
  asio::io_context* io_context() { return io_context_.get(); }

 private:
  class Loop;
  std::unique_ptr<asio::io_context> io_context_;
  std::unique_ptr<base::Executor> executor_;
  std::unique_ptr<Loop> loop_;
};

}  // namespace scamper::control
