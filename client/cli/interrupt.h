// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and SIGTERM cancel the call under way, which halts its tasks at scamper.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>

#include "grpcpp/client_context.h"

namespace scamper::cli {

// From its construction SIGINT and SIGTERM end the process only while no call is under way: the
// first one cancels the call; a second one, or 5 seconds, end the process. Ending it removes the
// file of the Removal that lives. REQUIRES: constructed before any other thread, for threads
// inherit the blocked signals; at most one in a process. Thread safe.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // The signal that came, 0 for none.
  int signal() const { return signal_.load(); }

  // While it lives, `context` is the call under way; cancelled at once if a signal came before.
  // A null `interrupt` does nothing.
  class Scope {
   public:
    Scope(Interrupt* interrupt, grpc::ClientContext* context);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Interrupt* const interrupt_;
  };

  // While it lives, a signal that ends the process removes the file `path`, where there is one.
  // A null `interrupt` does nothing. At most one lives at a time.
  class Removal {
   public:
    Removal(Interrupt* interrupt, std::string path);
    ~Removal();
    Removal(const Removal&) = delete;
    Removal& operator=(const Removal&) = delete;

   private:
    Interrupt* const interrupt_;
  };

 private:
  void Wait();
  // Ends the process. REQUIRES: mutex_ is held.
  [[noreturn]] void Exit(int number);
  void SetContext(grpc::ClientContext* context);
  void SetUnfinished(std::string path);

  std::atomic<int> signal_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  grpc::ClientContext* context_ = nullptr;  // Guarded by mutex_.
  std::string unfinished_;                  // Guarded by mutex_; empty for none.
  std::thread waiter_;
};

}  // namespace scamper::cli
