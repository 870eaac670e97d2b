// SPDX-License-Identifier: Apache-2.0
// Building command lines from typed parameters: what all measurements share.
#pragma once

#include <string>
#include <vector>

namespace scamper::records {

// A parameter that cannot be sent.
struct FieldViolation {
  // Path of the field, e.g. "ping.ttl".
  std::string field;
  // What is wrong and what is allowed, e.g. "must be within 1 - 255, is 300".
  std::string description;
};

}  // namespace scamper::records
