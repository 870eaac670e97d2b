// SPDX-License-Identifier: Apache-2.0
// JSON lines: the default ones are JSON, those of scamper's tool are written without harm.
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <memory>
#include <string>

#include "absl/strings/str_split.h"
#include "server/files/record_sink.h"
#include "server/files/record_stream.h"
#include "server/io/string_io.h"
#include "tests/fuzz/fuzz_testing.h"

namespace scamper::fuzz {
namespace {

std::string ToJson(const std::string& file, bool scamper_quirks) {
  std::string out;
  const auto sink = files::NewJsonSink(std::make_unique<io::StringSink>(&out), scamper_quirks);
  files::StreamOptions options;
  options.recover = true;
  files::RecordStream stream(std::make_unique<io::StringSource>(file), options);
  while (true) {
    const auto next = stream.Next();
    if (*next == nullptr) break;
    FUZZ_CHECK(sink->Write(**next).ok());
  }
  FUZZ_CHECK(sink->Close().ok());
  return out;
}

bool IsJson(absl::string_view line) {
  google::protobuf::Struct object;
  return google::protobuf::util::JsonStringToMessage(std::string(line), &object).ok();
}

}  // namespace
}  // namespace scamper::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace scamper::fuzz;  // NOLINT(google-build-using-namespace)
  const std::string file = ToString(data, size);
  const std::string lines = ToJson(file, false);
  FUZZ_CHECK(lines.empty() || lines.back() == '\n');
  for (const absl::string_view line : absl::StrSplit(lines, '\n', absl::SkipEmpty()))
    FUZZ_CHECK(IsJson(line));
  ToJson(file, true);
  return 0;
}
