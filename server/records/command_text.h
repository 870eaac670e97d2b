// SPDX-License-Identifier: Apache-2.0
// How single values are written in a scamper command, and how they are shown in
// the description of a violation. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/duration.pb.h"

namespace scamper::records {

inline constexpr int64_t kMillisecond = 1000;  // In microseconds, as all times here.
inline constexpr int64_t kSecond = 1000 * kMillisecond;

// Daemons before this understand neither units of time nor escapes in quotes.
inline constexpr int kUnitsAndEscapesSince = 20240117;

// The value between single quotes, with escapes for all that is not printable
// ASCII, cut after 40 characters; safe to show and to log.
std::string ShowText(absl::string_view value);

// "1 ms", "20 s", "1500 us": the largest unit that holds it whole.
std::string ShowTime(int64_t micros);

// Microseconds of a duration. INVALID_ARGUMENT whose message continues the field's
// name ("must ...") where it is not a valid Duration, or finer than a microsecond.
absl::StatusOr<int64_t> Microseconds(const google::protobuf::Duration& duration);

// How a daemon before kUnitsAndEscapesSince reads a time: as a bare number.
struct OldTime {
  // Unit of the number, microseconds.
  int64_t unit = kSecond;
  // Version from which the number may have a fraction.
  int fraction_since = kUnitsAndEscapesSince;
};

// Version from which a daemon can be told the time; 0: any. Old ones read the digits behind
// the point as a number by itself (0.05 is half a second), so a fraction that begins with a
// zero waits for units.
int TimeSince(int64_t micros, const OldTime& old);

// The time as an argument: with the largest unit that holds it whole, or as a bare
// number for old daemons. REQUIRES: micros >= 0, version >= TimeSince(micros, old).
std::string TimeArgument(int64_t micros, const OldTime& old, int version);

// The time in seconds, with as many decimals as it needs: "0.5", "12". REQUIRES: micros >= 0.
std::string DecimalSeconds(int64_t micros);

// The text as one quoted word; nothing where an old daemon cannot be told it
// because it holds both kinds of quote. REQUIRES: IsPrintable(text).
std::optional<std::string> QuotedArgument(absl::string_view text, int version);

// Only bytes 0x20 - 0x7e: what a line of the control protocol may hold.
bool IsPrintable(absl::string_view text);

}  // namespace scamper::records
