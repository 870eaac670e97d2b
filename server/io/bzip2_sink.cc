// SPDX-License-Identifier: Apache-2.0
#include "server/io/bzip2_sink.h"

#include <bzlib.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "server/io/bzip2_error.h"
#include "server/io/compressing_sink.h"

namespace scamper::io {
namespace {

constexpr int kBlockSize100k = 6;

class Bzip2Encoder : public StreamEncoder {
 public:
  ~Bzip2Encoder() override { BZ2_bzCompressEnd(&stream_); }

  absl::Status Start() {
    int code = BZ2_bzCompressInit(&stream_, kBlockSize100k, /*verbosity=*/0, /*workFactor=*/0);
    return code == BZ_OK ? absl::OkStatus() : Bzip2Error(code);
  }

  absl::Status Encode(absl::string_view* in, absl::Span<char>* out) override {
    return Compress(BZ_RUN, in, out).status();
  }

  absl::StatusOr<bool> Finish(absl::Span<char>* out) override {
    absl::string_view nothing;
    return Compress(BZ_FINISH, &nothing, out);
  }

 private:
  absl::StatusOr<bool> Compress(int action, absl::string_view* in, absl::Span<char>* out) {
    constexpr size_t kMax = std::numeric_limits<unsigned int>::max();
    unsigned int in_size = static_cast<unsigned int>(std::min(in->size(), kMax));
    unsigned int out_size = static_cast<unsigned int>(std::min(out->size(), kMax));
    stream_.next_in = const_cast<char*>(in->data());
    stream_.avail_in = in_size;
    stream_.next_out = out->data();
    stream_.avail_out = out_size;
    int code = BZ2_bzCompress(&stream_, action);
    in->remove_prefix(in_size - stream_.avail_in);
    out->remove_prefix(out_size - stream_.avail_out);
    if (code < 0) return Bzip2Error(code);
    return code == BZ_STREAM_END;
  }

  bz_stream stream_ = {};
};

absl::StatusOr<std::unique_ptr<StreamEncoder>> NewEncoder() {
  auto encoder = std::make_unique<Bzip2Encoder>();
  if (absl::Status started = encoder->Start(); !started.ok()) return started;
  return encoder;
}

}  // namespace

std::unique_ptr<ByteSink> NewBzip2Sink(std::unique_ptr<ByteSink> sink) {
  return std::make_unique<CompressingSink>(std::move(sink), NewEncoder());
}

}  // namespace scamper::io
