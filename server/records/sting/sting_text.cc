// SPDX-License-Identifier: Apache-2.0
#include "server/records/sting/sting_text.h"

#include "absl/strings/str_cat.h"
#include "server/records/micros.h"

namespace scamper::records {
namespace {

constexpr size_t kMaxHead = 191;

}  // namespace

void AppendStingText(const v1::Sting& sting, std::string* out) {
  const size_t begin = out->size();
  absl::StrAppend(out, "sting from ", sting.src(), ":", sting.sport(), " to ", sting.dst(), ":");
  absl::StrAppend(out, sting.dport(), ", ", sting.count(), " probes, ",
                  Micros(sting.mean()) / 1000 & 0xffff, "ms mean\n data-ack count ",
                  sting.dataackc(), ", holec ", sting.holec(), "\n");
  if (out->size() - begin > kMaxHead) out->resize(begin + kMaxHead);
  if (sting.holec() == 0) return;
  for (const uint32_t number : sting.summary().holes())
    absl::StrAppend(out, "  probe ", number, " hole\n");
}

}  // namespace scamper::records
