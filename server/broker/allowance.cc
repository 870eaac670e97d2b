// SPDX-License-Identifier: Apache-2.0
#include "server/broker/allowance.h"

#include <algorithm>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"

namespace scamper::broker {
namespace {

// Between two calls of those that wait, so that those called take what is there before.
constexpr absl::Duration kPause = absl::Milliseconds(1);

absl::Status Exhausted(absl::string_view limit, double value, absl::Duration until) {
  absl::Status status = absl::ResourceExhaustedError(absl::StrCat(
      limit, " of ", value, " is used up",
      until > absl::ZeroDuration()
          ? absl::StrCat("; try again in ",
                         absl::FormatDuration(absl::Ceil(until, absl::Milliseconds(1))))
          : ""));
  if (until == absl::ZeroDuration()) return status;
  google::rpc::RetryInfo retry;
  const int64_t millis = absl::ToInt64Milliseconds(absl::Ceil(until, absl::Milliseconds(1)));
  retry.mutable_retry_delay()->set_seconds(millis / 1000);
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(millis % 1000 * 1000000));
  status.SetPayload(absl::StrCat("type.googleapis.com/", retry.GetDescriptor()->full_name()),
                    absl::Cord(retry.SerializeAsString()));
  return status;
}

}  // namespace

TokenBucket::TokenBucket(double per_second, absl::Time now)
    : per_second_(per_second), most_(std::max(1.0, per_second)), tokens_(most_), filled_(now) {}

absl::Duration TokenBucket::Until(double tokens, absl::Time now, double reserved) {
  if (per_second_ <= 0) return absl::ZeroDuration();
  Fill(now);
  const double missing = std::min(tokens, most_) + reserved - tokens_;
  // What is less than this is an error of rounding.
  return missing < 1e-6 ? absl::ZeroDuration() : absl::Seconds(missing / per_second_);
}

void TokenBucket::Take(double tokens, absl::Time now) {
  if (per_second_ <= 0) return;
  Fill(now);
  tokens_ -= tokens;
}

bool TokenBucket::IsFull(absl::Time now) { return Until(most_, now) == absl::ZeroDuration(); }

void TokenBucket::Fill(absl::Time now) {
  if (now > filled_) {
    tokens_ = std::min(most_, tokens_ + absl::ToDoubleSeconds(now - filled_) * per_second_);
  }
  filled_ = now;
}

Allowance::Allowance(const ClientLimits& limits, base::Executor* executor,
                     std::function<void(const Waiter&)> resume)
    : limits_(limits),
      executor_(executor),
      resume_(std::move(resume)),
      tasks_(limits.tasks_per_second, executor->Now()),
      probes_(limits.probes_per_second, executor->Now()) {}

absl::Duration Allowance::Until(uint64_t packets) {
  const absl::Time now = executor_->Now();
  return std::max(tasks_.Until(1, now), probes_.Until(static_cast<double>(packets), now));
}

void Allowance::Use(uint64_t packets) {
  const absl::Time now = executor_->Now();
  tasks_.Take(1, now);
  probes_.Take(static_cast<double>(packets), now);
  ++out_;
}

absl::Status Allowance::Take(uint64_t packets) {
  if (Full()) return Exhausted("client_max_tasks", limits_.max_tasks, absl::ZeroDuration());
  const absl::Time now = executor_->Now();
  const absl::Duration tasks = tasks_.Until(1, now);
  const absl::Duration probes = probes_.Until(static_cast<double>(packets), now);
  if (probes > tasks) {
    return Exhausted("client_probes_per_second", limits_.probes_per_second, probes);
  }
  if (tasks > absl::ZeroDuration()) {
    return Exhausted("client_tasks_per_second", limits_.tasks_per_second, tasks);
  }
  Use(packets);
  return absl::OkStatus();
}

bool Allowance::TakeOrWait(uint64_t packets, const Waiter& waiter) {
  const bool has_turn = resumed_.erase(waiter) > 0 || waiting_.empty();
  if (has_turn && !Full() && Until(packets) == absl::ZeroDuration()) {
    Use(packets);
    return true;
  }
  if (who_waits_.insert(waiter).second) waiting_.push_back({waiter, packets});
  if (!Full() && timer_ == nullptr) ResumeLater(std::max(kPause, Until(waiting_.front().packets)));
  return false;
}

void Allowance::Ended() {
  --out_;
  if (!waiting_.empty() && timer_ == nullptr) ResumeLater(Until(waiting_.front().packets));
}

bool Allowance::IsIdle() {
  const absl::Time now = executor_->Now();
  return out_ == 0 && waiting_.empty() && tasks_.IsFull(now) && probes_.IsFull(now);
}

void Allowance::ResumeLater(absl::Duration delay) {
  timer_ = executor_->After(delay, [this] { ResumeSome(); });
}

// As many as can take something, by what they wanted when they began to wait.
void Allowance::ResumeSome() {
  timer_.reset();
  resumed_.clear();
  const absl::Time now = executor_->Now();
  double tasks = 0;
  double probes = 0;
  int out = out_;
  while (!waiting_.empty() && (limits_.max_tasks <= 0 || out < limits_.max_tasks)) {
    const Waiting& front = waiting_.front();
    const double packets = static_cast<double>(front.packets);
    if (tasks_.Until(1, now, tasks) > absl::ZeroDuration() ||
        probes_.Until(packets, now, probes) > absl::ZeroDuration()) {
      break;
    }
    tasks += 1;
    probes += packets;
    ++out;
    const Waiter who = front.who;
    who_waits_.erase(who);
    resumed_.insert(who);
    waiting_.pop_front();
    resume_(who);
  }
  if (!waiting_.empty() && !Full()) {
    ResumeLater(std::max(kPause, Until(waiting_.front().packets)));
  }
}

}  // namespace scamper::broker
