// SPDX-License-Identifier: Apache-2.0
#include "server/records/owamp/owamp_command.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/records/command_options.h"

namespace scamper::records {
namespace {

using P = v1::OwampParameters;
using Violations = std::vector<FieldViolation>;

constexpr int kMaxIntervals = 255;

// What scamper takes where the parameter is absent.
constexpr uint64_t kDefaultAttempts = 10;
constexpr int64_t kDefaultInterval = 100 * kMillisecond;

constexpr uint32_t kMinSize4 = 42;
constexpr uint32_t kMinSize6 = 62;
constexpr uint32_t kMaxSize = 65535;

constexpr Choice kDirections[] = {
    {v1::OWAMP_DIRECTION_TX, "tx"},
    {v1::OWAMP_DIRECTION_RX, "rx"},
};

void CheckSchedule(const Parameters& p, const Option& option, Violations* out) {
  const auto& schedule = static_cast<const P&>(p.message).schedule();
  const std::string path = FieldPath(p, option.field);
  if (schedule.size() > kMaxIntervals) {
    out->push_back({path, absl::StrCat("must be at most ", kMaxIntervals, " intervals, are ",
                                       schedule.size())});
    return;
  }
  for (int i = 0; i < schedule.size(); ++i) {
    const std::string at = absl::StrCat(path, "[", i, "]");
    const auto micros = Microseconds(schedule[i].interval());
    if (!micros.ok()) {
      out->push_back({absl::StrCat(at, ".interval"), std::string(micros.status().message())});
    } else if (*micros <= 0) {
      out->push_back({absl::StrCat(at, ".interval"),
                      absl::StrCat("must be above 0 s, is ", ShowTime(*micros))});
    }
    const int type = schedule[i].type();
    if (schedule[i].has_type() && type != v1::OWAMP_SCHEDULE_TYPE_FIXED &&
        type != v1::OWAMP_SCHEDULE_TYPE_EXP) {
      out->push_back({absl::StrCat(at, ".type"),
                      absl::StrCat("must be one of fixed or exp, is number ", type)});
    }
  }
}

absl::Status AppendSchedule(const Parameters& p, const Option& option, int, std::string* command) {
  absl::string_view separator = " ";
  absl::StrAppend(command, " ", option.option);
  for (const v1::OwampInterval& interval : static_cast<const P&>(p.message).schedule()) {
    const auto micros = Microseconds(interval.interval());
    if (!micros.ok()) return absl::InternalError("an interval was not checked");
    absl::StrAppend(command, separator, DecimalSeconds(*micros),
                    interval.type() == v1::OWAMP_SCHEDULE_TYPE_EXP ? "e" : "f");
    separator = ",";
  }
  return absl::OkStatus();
}

constexpr OptionKind kSchedule = {CheckSchedule, AppendSchedule};

void CheckSize(const Parameters& p, const Option& option, Violations* out) {
  const uint32_t size = static_cast<const P&>(p.message).size();
  const uint32_t min = p.dst.has_value() && p.dst->v6 ? kMinSize6 : kMinSize4;
  if (size == 0 || (size >= min && size <= kMaxSize)) return;
  out->push_back({FieldPath(p, option.field),
                  absl::StrCat("must be 0 or within ", min, " - ", kMaxSize, " bytes, is ", size)});
}

absl::Status AppendSize(const Parameters& p, const Option& option, int version,
                        std::string* command) {
  return kNumber.append(p, option, version, command);
}

constexpr OptionKind kSize = {CheckSize, AppendSize};

// clang-format off
const Option kOptions[] = {
    {.field = P::kDstFieldNumber, .option = "", .kind = &kTarget},
    {.field = P::kDirectionFieldNumber, .option = "-d", .kind = &kEnum, .choices = kDirections},
    {.field = P::kAttemptsFieldNumber, .option = "-c", .kind = &kNumber, .min = 1, .max = 65535},
    {.field = P::kDscpFieldNumber, .option = "-D", .kind = &kNumber, .max = 63},
    {.field = P::kScheduleFieldNumber, .option = "-i", .kind = &kSchedule},
    {.field = P::kSizeFieldNumber, .option = "-s", .kind = &kSize},
    {.field = P::kStartatFieldNumber, .option = "-@", .kind = &kUnixTime},
    {.field = P::kTtlFieldNumber, .option = "-m", .kind = &kNumber, .min = 1, .max = 255},
    {.field = P::kWaitTimeoutFieldNumber, .option = "-w", .kind = &kTime, .min = kSecond,
     .max = 20 * kSecond, .step = kSecond},
    {.field = P::kUseridFieldNumber, .option = "-U", .kind = &kNumber, .max = 4294967295},
    {.field = P::kZeroFieldNumber, .option = "-O zero", .kind = &kFlag},
};
// clang-format on

Parameters ParametersOf(const P& owamp) {
  return {.message = owamp,
          .path = "owamp",
          .options = kOptions,
          .dst = base::ParseIpAddress(owamp.dst()),
          .since = kOwampSince};
}

}  // namespace

std::vector<FieldViolation> ValidateOwamp(const P& owamp) {
  Violations violations;
  CheckOptions(ParametersOf(owamp), &violations);
  return violations;
}

absl::StatusOr<std::string> OwampCommand(const P& owamp, int version) {
  return BuildCommand("owamp", ParametersOf(owamp), version);
}

// The control connection takes some ten; the test packets come from here or from there, at the
// intervals of the schedule in turn, and then those under way are waited for.
Probing OwampProbing(const P& owamp) {
  Probing probing;
  AddTarget("owamp.dst", owamp.dst(), &probing);
  const uint64_t attempts = owamp.has_attempts() ? owamp.attempts() : kDefaultAttempts;
  probing.packets = 10 + (owamp.direction() == v1::OWAMP_DIRECTION_RX ? 0 : attempts);
  const uint64_t intervals = static_cast<uint64_t>(owamp.schedule_size());
  if (intervals == 0) {
    probing.micros = WaitsBetween(attempts, kDefaultInterval);
  } else {
    for (uint64_t i = 0; i + 1 < attempts; ++i) {
      probing.micros +=
          MicrosOr(true, owamp.schedule(static_cast<int>(i % intervals)).interval(), 0);
    }
  }
  probing.micros += MicrosOr(owamp.has_wait_timeout(), owamp.wait_timeout(), 2 * kSecond);
  return probing;
}

}  // namespace scamper::records
