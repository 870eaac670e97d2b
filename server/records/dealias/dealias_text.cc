// SPDX-License-Identifier: Apache-2.0
#include "server/records/dealias/dealias_text.h"

#include "absl/strings/str_cat.h"

namespace scamper::records {

void AppendDealiasText(const v1::Dealias& dealias, std::string* out) {
  if (!dealias.has_ally() || dealias.probedefs_size() != 2) return;
  absl::StrAppend(out, dealias.probedefs(0).dst(), " ", dealias.probedefs(1).dst(), " ");
  constexpr const char* kResults[] = {"none", "aliases", "not aliases"};
  const int result = dealias.result();
  if (result >= 0 && result < 3) {
    absl::StrAppend(out, kResults[result], "\n");
  } else {
    absl::StrAppend(out, result, "\n");
  }
}

}  // namespace scamper::records
