// SPDX-License-Identifier: Apache-2.0
// A file of any kind, not compressed, into each of the others, and protobuf records back into
// warts.
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/delimited_message_util.h>

#include <memory>
#include <string>

#include "scamper/v1/files.pb.h"
#include "server/files/convert.h"
#include "server/files/record_writer.h"
#include "server/io/kind.h"
#include "server/io/string_io.h"
#include "tests/fuzz/fuzz_testing.h"

namespace scamper::fuzz {
namespace {

struct Converted {
  absl::Status status;
  std::string bytes;
  files::Totals totals;
};

Converted Convert(const std::string& file, const files::OutputKind& output, bool recover) {
  Converted converted;
  files::InputOptions input;
  input.recover = recover;
  converted.status = files::Convert(std::make_unique<SteppingSource>(file, 4096), input,
                                    std::make_unique<io::StringSink>(&converted.bytes), output,
                                    nullptr, &converted.totals);
  const files::Totals& totals = converted.totals;
  FUZZ_CHECK(totals.bytes_in <= file.size());
  FUZZ_CHECK(totals.bytes_out == converted.bytes.size());
  uint64_t records = 0;
  for (const auto& [type, number] : totals.records_by_type) records += number;
  FUZZ_CHECK(totals.records == records);
  if (recover) FUZZ_CHECK(converted.status.ok());
  return converted;
}

// All messages are whole and as many as were counted; returns them as warts.
std::string ToWarts(const Converted& protobuf) {
  google::protobuf::io::ArrayInputStream in(protobuf.bytes.data(),
                                            static_cast<int>(protobuf.bytes.size()));
  std::string warts;
  files::RecordWriter writer(std::make_unique<io::StringSink>(&warts), {});
  for (uint64_t i = 0; i < protobuf.totals.records; ++i) {
    v1::FileRecord message;
    FUZZ_CHECK(google::protobuf::util::ParseDelimitedFromZeroCopyStream(&message, &in, nullptr));
    FUZZ_CHECK(writer.Write(message).ok());
  }
  FUZZ_CHECK(in.ByteCount() == static_cast<int64_t>(protobuf.bytes.size()));
  FUZZ_CHECK(writer.Close().ok());
  return warts;
}

}  // namespace
}  // namespace scamper::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace scamper;  // NOLINT(google-build-using-namespace)
  const std::string file = fuzz::ToString(data, size);
  if (io::CompressionOfBytes(file) != io::Compression::kNone) return 0;
  for (const bool recover : {false, true}) {
    for (const files::Format format :
         {files::Format::kWarts, files::Format::kJson, files::Format::kText}) {
      files::OutputKind output;
      output.format = format;
      fuzz::Convert(file, output, recover);
    }
    files::OutputKind protobuf;
    protobuf.format = files::Format::kProtobuf;
    const std::string warts = fuzz::ToWarts(fuzz::Convert(file, protobuf, recover));
    // What was written is whole.
    FUZZ_CHECK(fuzz::Convert(warts, protobuf, false).status.ok());
  }
  return 0;
}
