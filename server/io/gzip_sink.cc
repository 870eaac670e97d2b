// SPDX-License-Identifier: Apache-2.0
#include "server/io/gzip_sink.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "server/io/compressing_sink.h"
#include "server/io/zlib_error.h"

namespace scamper::io {
namespace {

constexpr int kWindowBits = 15 + 16;  // 16 asks for the gzip header and trailer
constexpr int kMemoryLevel = 8;

class GzipEncoder : public StreamEncoder {
 public:
  ~GzipEncoder() override { deflateEnd(&stream_); }

  absl::Status Start() {
    int code = deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kWindowBits, kMemoryLevel,
                            Z_DEFAULT_STRATEGY);
    return code == Z_OK ? absl::OkStatus() : ZlibError(code, stream_.msg);
  }

  absl::Status Encode(absl::string_view* in, absl::Span<char>* out) override {
    return Deflate(Z_NO_FLUSH, in, out).status();
  }

  absl::StatusOr<bool> Finish(absl::Span<char>* out) override {
    absl::string_view nothing;
    return Deflate(Z_FINISH, &nothing, out);
  }

 private:
  absl::StatusOr<bool> Deflate(int flush, absl::string_view* in, absl::Span<char>* out) {
    constexpr size_t kMax = std::numeric_limits<uInt>::max();
    uInt in_size = static_cast<uInt>(std::min(in->size(), kMax));
    uInt out_size = static_cast<uInt>(std::min(out->size(), kMax));
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in->data()));
    stream_.avail_in = in_size;
    stream_.next_out = reinterpret_cast<Bytef*>(out->data());
    stream_.avail_out = out_size;
    int code = deflate(&stream_, flush);
    in->remove_prefix(in_size - stream_.avail_in);
    out->remove_prefix(out_size - stream_.avail_out);
    if (code == Z_STREAM_END) return true;
    if (code == Z_OK || code == Z_BUF_ERROR) return false;
    return ZlibError(code, stream_.msg);
  }

  z_stream stream_ = {};
};

absl::StatusOr<std::unique_ptr<StreamEncoder>> NewEncoder() {
  auto encoder = std::make_unique<GzipEncoder>();
  if (absl::Status started = encoder->Start(); !started.ok()) return started;
  return encoder;
}

}  // namespace

std::unique_ptr<ByteSink> NewGzipSink(std::unique_ptr<ByteSink> sink) {
  return std::make_unique<CompressingSink>(std::move(sink), NewEncoder());
}

}  // namespace scamper::io
