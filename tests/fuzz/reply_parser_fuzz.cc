// SPDX-License-Identifier: Apache-2.0
// What a daemon says, fed at once and in pieces.
#include <string>
#include <vector>

#include "server/control/reply_parser.h"
#include "tests/fuzz/fuzz_testing.h"

namespace scamper::fuzz {
namespace {

struct Outcome {
  std::vector<std::string> replies;
  absl::Status end;
  bool at_boundary = false;

  bool operator==(const Outcome&) const = default;
};

Outcome Parse(absl::string_view bytes, size_t step) {
  Outcome outcome;
  control::ReplyParser parser;
  for (size_t at = 0; at < bytes.size() && outcome.end.ok(); at += step) {
    parser.Feed(bytes.substr(at, step));
    while (true) {
      const auto reply = parser.Next();
      outcome.end = reply.status();
      if (!reply.ok() || !reply->has_value()) break;
      FUZZ_CHECK((*reply)->id != 0u);
      outcome.replies.push_back(control::Describe(**reply) + (*reply)->record);
    }
  }
  outcome.at_boundary = parser.AtBoundary();
  if (!outcome.at_boundary) FUZZ_CHECK(!parser.Unfinished().empty());
  if (!outcome.end.ok()) {
    FUZZ_CHECK(parser.Next().status() == outcome.end);
    outcome.at_boundary = false;  // what follows the error may have been fed with it
  }
  return outcome;
}

}  // namespace
}  // namespace scamper::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace scamper::fuzz;  // NOLINT(google-build-using-namespace)
  const std::string input = ToString(data, size);
  const Outcome whole = Parse(input, size + 1);
  FUZZ_CHECK(whole == Parse(input, 1));
  FUZZ_CHECK(whole == Parse(input, 61));
  return 0;
}
