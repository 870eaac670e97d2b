// SPDX-License-Identifier: Apache-2.0
#include "server/records/command_text.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace scamper::records {
namespace {

constexpr size_t kShownCharacters = 40;
constexpr int64_t kMaxDurationSeconds = 315576000000;
constexpr int32_t kNanosPerSecond = 1000000000;

// Number and unit, with the largest unit that holds the time whole.
std::string WithUnit(int64_t micros, absl::string_view separator) {
  if (micros % kSecond == 0) return absl::StrCat(micros / kSecond, separator, "s");
  if (micros % kMillisecond == 0) return absl::StrCat(micros / kMillisecond, separator, "ms");
  return absl::StrCat(micros, separator, "us");
}

// A number of units with as many decimals as it needs.
std::string Decimal(int64_t micros, int64_t unit) {
  std::string text = absl::StrFormat("%d.%06d", micros / unit, micros % unit * kSecond / unit);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

}  // namespace

std::string ShowText(absl::string_view value) {
  const bool cut = value.size() > kShownCharacters;
  return absl::StrCat("'", absl::CEscape(value.substr(0, kShownCharacters)), cut ? "..." : "", "'");
}

std::string ShowTime(int64_t micros) { return WithUnit(micros, " "); }

absl::StatusOr<int64_t> Microseconds(const google::protobuf::Duration& duration) {
  const int64_t seconds = duration.seconds();
  const int32_t nanos = duration.nanos();
  const bool in_range = seconds >= -kMaxDurationSeconds && seconds <= kMaxDurationSeconds &&
                        nanos > -kNanosPerSecond && nanos < kNanosPerSecond;
  const bool signs_agree = (seconds >= 0 || nanos <= 0) && (seconds <= 0 || nanos >= 0);
  if (!in_range || !signs_agree) {
    return absl::InvalidArgumentError(
        absl::StrCat("must be a valid Duration, has ", seconds, " seconds and ", nanos, " nanos"));
  }
  if (nanos % 1000 != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("must be whole microseconds, has ", nanos, " nanos"));
  }
  return seconds * kSecond + nanos / 1000;
}

int TimeSince(int64_t micros, const OldTime& old) {
  const int64_t fraction = micros % old.unit;
  if (fraction == 0) return 0;
  const bool begins_with_zero = fraction * 10 < old.unit;
  return begins_with_zero ? kUnitsAndEscapesSince : old.fraction_since;
}

std::string TimeArgument(int64_t micros, const OldTime& old, int version) {
  if (version >= kUnitsAndEscapesSince) return WithUnit(micros, "");
  if (micros % old.unit == 0) return absl::StrCat(micros / old.unit);
  return Decimal(micros, old.unit);
}

std::string DecimalSeconds(int64_t micros) {
  return micros % kSecond == 0 ? absl::StrCat(micros / kSecond) : Decimal(micros, kSecond);
}

std::optional<std::string> QuotedArgument(absl::string_view text, int version) {
  if (version >= kUnitsAndEscapesSince) {
    std::string quoted = "'";
    for (const char c : text) {
      if (c == '\'' || c == '\\') quoted += '\\';
      quoted += c;
    }
    return quoted + "'";
  }
  for (const absl::string_view quote : {"'", "\""}) {
    if (text.find(quote) == absl::string_view::npos) return absl::StrCat(quote, text, quote);
  }
  return std::nullopt;
}

bool IsPrintable(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

}  // namespace scamper::records
