// SPDX-License-Identifier: Apache-2.0
#include "server/records/tbit/tbit_names.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"

namespace scamper::records {

std::string TbitResultName(v1::TbitResult result) {
  if (result == v1::TBIT_RESULT_UNSPECIFIED) return "none";
  if (result == v1::TBIT_RESULT_ERROR) return "sys-error";
  if (!v1::TbitResult_IsValid(result)) return absl::StrCat(static_cast<uint32_t>(result));
  constexpr size_t kPrefix = sizeof "TBIT_RESULT_" - 1;
  const std::string name = absl::AsciiStrToLower(v1::TbitResult_Name(result).substr(kPrefix));
  return absl::StrReplaceAll(name, {{"_", "-"}});
}

}  // namespace scamper::records
