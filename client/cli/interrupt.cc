// SPDX-License-Identifier: Apache-2.0
#include "client/cli/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "client/cli/exit_code.h"

namespace scamper::cli {
namespace {

// From the signal to the end of the process, where the call does not end.
constexpr time_t kGraceSeconds = 5;

sigset_t Signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

Interrupt::Interrupt() {
  const sigset_t signals = Signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  waiter_ = std::thread([this] { Wait(); });
}

Interrupt::~Interrupt() {
  stopping_.store(true);
  // The thread waits for it with sigwait.
  pthread_kill(waiter_.native_handle(), SIGTERM);  // NOLINT(bugprone-bad-signal-to-kill-thread)
  waiter_.join();
}

void Interrupt::Wait() {
  const sigset_t signals = Signals();
  int number = 0;
  while (sigwait(&signals, &number) != 0) {
  }
  if (stopping_.load()) return;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (context_ == nullptr) Exit(number);
    signal_.store(number);
    context_->TryCancel();
  }
  // A call does not end while the server takes nothing of what is being written to it.
  const timespec grace = {kGraceSeconds, 0};
  while (sigtimedwait(&signals, nullptr, &grace) == -1 && errno == EINTR) {
  }
  if (stopping_.load()) return;
  std::lock_guard<std::mutex> lock(mutex_);
  Exit(number);
}

void Interrupt::Exit(int number) {
  if (!unfinished_.empty()) unlink(unfinished_.c_str());
  _exit(kSignal + number);
}

void Interrupt::SetContext(grpc::ClientContext* context) {
  std::lock_guard<std::mutex> lock(mutex_);
  context_ = context;
  if (context != nullptr && signal() != 0) context->TryCancel();
}

void Interrupt::SetUnfinished(std::string path) {
  std::lock_guard<std::mutex> lock(mutex_);
  unfinished_ = std::move(path);
}

Interrupt::Scope::Scope(Interrupt* interrupt, grpc::ClientContext* context)
    : interrupt_(interrupt) {
  if (interrupt_ != nullptr) interrupt_->SetContext(context);
}

Interrupt::Scope::~Scope() {
  if (interrupt_ != nullptr) interrupt_->SetContext(nullptr);
}

Interrupt::Removal::Removal(Interrupt* interrupt, std::string path) : interrupt_(interrupt) {
  if (interrupt_ != nullptr) interrupt_->SetUnfinished(std::move(path));
}

Interrupt::Removal::~Removal() {
  if (interrupt_ != nullptr) interrupt_->SetUnfinished("");
}

}  // namespace scamper::cli
