// SPDX-License-Identifier: Apache-2.0
#include "client/cli/duration_text.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"

namespace scamper::cli {
namespace {

constexpr int64_t kMaxSeconds = 315'576'000'000;

struct Unit {
  std::string_view name;
  int64_t micros;
  size_t fraction_digits;
};
// The unit that ends with another one stands before it.
constexpr Unit kUnits[] = {{"us", 1, 0}, {"ms", 1000, 3}, {"s", 1'000'000, 6}};

absl::Status Invalid(std::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("must be a duration such as 1, 0.5, 2s, 500ms or 20us, is '",
                   absl::string_view(text.data(), text.size()), "'"));
}

bool AllDigits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

absl::StatusOr<google::protobuf::Duration> ParseDuration(std::string_view text) {
  Unit unit = kUnits[2];
  std::string_view number = text;
  for (const Unit& u : kUnits) {
    if (!number.ends_with(u.name)) continue;
    unit = u;
    number.remove_suffix(u.name.size());
    break;
  }
  const size_t dot = number.find('.');
  const std::string_view whole = number.substr(0, dot);
  std::string_view fraction = dot == std::string_view::npos ? "" : number.substr(dot + 1);
  if (!AllDigits(whole) || !AllDigits(fraction)) return Invalid(text);
  if (whole.empty() || (dot != std::string_view::npos && fraction.empty())) return Invalid(text);
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  if (fraction.size() > unit.fraction_digits) {
    return absl::InvalidArgumentError("must not be finer than a microsecond");
  }

  const int64_t limit = kMaxSeconds * (1'000'000 / unit.micros);
  int64_t micros = 0;
  for (char digit : whole) {
    micros = micros * 10 + (digit - '0');
    if (micros > limit) return absl::InvalidArgumentError("must not be above 10,000 years");
  }
  micros *= unit.micros;
  int64_t scale = unit.micros;
  for (char digit : fraction) micros += (scale /= 10) * (digit - '0');

  google::protobuf::Duration duration;
  duration.set_seconds(micros / 1'000'000);
  duration.set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1000));
  return duration;
}

}  // namespace scamper::cli
