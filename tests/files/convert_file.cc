// SPDX-License-Identifier: Apache-2.0
// convert_file KIND IN OUT [recover] [scamper-json]
//
// Converts a file for scripts/golden and the integration tests. KIND is as for
// ParseOutputKind. What recovery skips goes to standard error.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "server/files/convert.h"
#include "server/io/string_io.h"

namespace {

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "convert_file: %s\n", std::string(status.message()).c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  using scamper::files::SkippedRegion;
  if (argc < 4) return Fail(absl::InvalidArgumentError("KIND IN OUT [recover] [scamper-json]"));
  auto kind = scamper::files::ParseOutputKind(argv[1]);
  if (!kind.ok()) return Fail(kind.status());
  scamper::files::InputOptions input;
  for (int i = 4; i < argc; ++i) {
    input.recover = input.recover || std::strcmp(argv[i], "recover") == 0;
    kind->scamper_json = kind->scamper_json || std::strcmp(argv[i], "scamper-json") == 0;
  }
  input.on_skipped = [](const SkippedRegion& region) {
    std::fprintf(stderr, "skipped %llu bytes: %s\n", static_cast<unsigned long long>(region.length),
                 region.why.c_str());
  };
  std::ifstream in(argv[2], std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  std::string out;
  scamper::files::Totals totals;
  const absl::Status status =
      Convert(std::make_unique<scamper::io::StringSource>(std::move(bytes)), input,
              std::make_unique<scamper::io::StringSink>(&out), *kind, nullptr, &totals);
  if (!in || !status.ok()) return Fail(status.ok() ? absl::NotFoundError(argv[2]) : status);
  std::ofstream(argv[3], std::ios::binary) << out;
  return 0;
}
