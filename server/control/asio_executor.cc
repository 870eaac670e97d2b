// SPDX-License-Identifier: Apache-2.0
#include "server/control/asio_executor.h"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <thread>
#include <utility>

#include "absl/time/clock.h"

namespace scamper::control {
namespace {

// The wait may be over, and its handler queued, when the timer is destroyed: hence
// `cancelled`, beside Asio's own cancel.
struct Wait {
  explicit Wait(asio::io_context& io) : timer(io) {}
  asio::steady_timer timer;
  bool cancelled = false;
  std::function<void()> f;
};

class AsioTimer : public base::Timer {
 public:
  explicit AsioTimer(std::shared_ptr<Wait> wait) : wait_(std::move(wait)) {}
  ~AsioTimer() override {
    wait_->cancelled = true;
    wait_->timer.cancel();
  }

 private:
  std::shared_ptr<Wait> wait_;
};

class AsioExecutor : public base::Executor {
 public:
  explicit AsioExecutor(asio::io_context* io) : io_(*io) {}

  void Post(std::function<void()> f) override { asio::post(io_, std::move(f)); }

  std::unique_ptr<base::Timer> After(absl::Duration delay, std::function<void()> f) override {
    auto wait = std::make_shared<Wait>(io_);
    wait->f = std::move(f);
    wait->timer.expires_after(absl::ToChronoNanoseconds(delay));
    wait->timer.async_wait([wait](const asio::error_code&) {
      // Frees what f holds, after running it.
      const std::function<void()> run = std::move(wait->f);
      if (!wait->cancelled) run();
    });
    return std::make_unique<AsioTimer>(std::move(wait));
  }

  absl::Time Now() override { return absl::Now(); }

 private:
  asio::io_context& io_;
};

}  // namespace

std::unique_ptr<base::Executor> MakeAsioExecutor(asio::io_context* io_context) {
  return std::make_unique<AsioExecutor>(io_context);
}

class ControlThread::Loop {
 public:
  explicit Loop(asio::io_context& io) : io_(io), work_(asio::make_work_guard(io)) {}
  void Start() {
    thread_ = std::thread([this] { io_.run(); });
  }
  void Stop() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  asio::io_context& io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
};

ControlThread::ControlThread()
    : io_context_(std::make_unique<asio::io_context>(1)),
      executor_(MakeAsioExecutor(io_context_.get())),
      loop_(std::make_unique<Loop>(*io_context_)) {}

ControlThread::~ControlThread() { Stop(); }

void ControlThread::Start() { loop_->Start(); }

void ControlThread::Stop() { loop_->Stop(); }

}  // namespace scamper::control
