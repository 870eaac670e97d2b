// SPDX-License-Identifier: Apache-2.0
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "server/io/gzip_inflater.h"
#include "server/io/zlib_error.h"

namespace scamper::io {
namespace {

// Window of 15 bits, gzip header and trailer.
constexpr int kWindowBits = 15 + 16;

class ZlibInflater : public StreamDecoder {
 public:
  ~ZlibInflater() override {
    if (ready_) inflateEnd(&stream_);
  }

  const StreamFormat& format() const override { return kGzipFormat; }

  absl::Status Start() override {
    int code = ready_ ? inflateReset(&stream_) : inflateInit2(&stream_, kWindowBits);
    ready_ = ready_ || code == Z_OK;
    return code == Z_OK ? absl::OkStatus() : ZlibError(code, stream_.msg);
  }

  absl::StatusOr<bool> Decode(absl::string_view* in, absl::Span<char>* out) override {
    constexpr size_t kMax = std::numeric_limits<uInt>::max();
    uInt in_size = static_cast<uInt>(std::min(in->size(), kMax));
    uInt out_size = static_cast<uInt>(std::min(out->size(), kMax));
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in->data()));
    stream_.avail_in = in_size;
    stream_.next_out = reinterpret_cast<Bytef*>(out->data());
    stream_.avail_out = out_size;
    int code = inflate(&stream_, Z_NO_FLUSH);
    in->remove_prefix(in_size - stream_.avail_in);
    out->remove_prefix(out_size - stream_.avail_out);
    if (code == Z_STREAM_END) return true;
    if (code == Z_OK || code == Z_BUF_ERROR) return false;
    return ZlibError(code, stream_.msg);
  }

 private:
  z_stream stream_ = {};
  bool ready_ = false;
};

}  // namespace

std::unique_ptr<StreamDecoder> NewZlibInflater() { return std::make_unique<ZlibInflater>(); }

}  // namespace scamper::io
