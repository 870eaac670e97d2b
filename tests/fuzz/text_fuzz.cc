// SPDX-License-Identifier: Apache-2.0
// Text: whole lines.
#include <memory>
#include <string>

#include "server/files/record_sink.h"
#include "server/files/record_stream.h"
#include "server/io/string_io.h"
#include "tests/fuzz/fuzz_testing.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace scamper;  // NOLINT(google-build-using-namespace)
  std::string out;
  const auto sink = files::NewTextSink(std::make_unique<io::StringSink>(&out));
  files::StreamOptions options;
  options.recover = true;
  files::RecordStream stream(std::make_unique<io::StringSource>(fuzz::ToString(data, size)),
                             options);
  while (true) {
    const auto next = stream.Next();
    if (*next == nullptr) break;
    FUZZ_CHECK(sink->Write(**next).ok());
    FUZZ_CHECK(out.empty() || out.back() == '\n');
  }
  FUZZ_CHECK(sink->Close().ok());
  return 0;
}
