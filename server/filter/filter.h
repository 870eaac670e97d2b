// SPDX-License-Identifier: Apache-2.0
// Choosing by a text: a small subset of AIP-160.
//
//   country = NZ AND (tags:fast OR asn = 64496) AND NOT name = "test-*"
//
// expression = term { AND term } | term { OR term }      (both together need parentheses)
// term       = [NOT] ( comparison | "(" expression ")" )
// comparison = field operator value
// operator   = "=" | "!=" | "<" | "<=" | ">" | ">=" | ":"
// value      = a word without blanks, quotes and parentheses, or a text in " or ' in which a
//              backslash takes the next character as it is
//
// A field has no value, one, or several. A comparison holds when it holds for one of its values;
// a != b is NOT a = b, so it holds where there is none. Text is compared without regard to case;
// "*" at an end of a value stands for anything there (= != and :). ":" asks whether a text
// contains the value, whether one of several is equal to it, whether a number is; "field:*"
// whether there is a value at all. Texts and numbers have an order, several texts do not.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace scamper::filter {

struct Field {
  enum class Kind {
    kText,
    kTexts,   // several, without order
    kNumber,  // one or several
  };
  absl::string_view name;
  Kind kind = Kind::kText;
  // Taken off the front of a value that is a number, in any case; e.g. "AS".
  absl::string_view prefix = {};
};

// What is compared. A function of it tells the values of a field by its index.
struct Values {
  std::vector<absl::string_view> texts;
  std::vector<double> numbers;
};
using Lookup = std::function<void(size_t field, Values* values)>;

// Immutable, and safe to use from any thread.
class Filter {
 public:
  // Of an expression and of its nesting.
  static constexpr size_t kMaxLength = 4096;
  static constexpr int kMaxDepth = 32;

  // INVALID_ARGUMENT "at 13: ..." (of characters, from 1) saying what was expected.
  static absl::StatusOr<Filter> Parse(absl::string_view text, absl::Span<const Field> fields);

  bool Matches(const Lookup& lookup) const;

  struct Node;
  explicit Filter(std::shared_ptr<const Node> root) : root_(std::move(root)) {}

 private:
  std::shared_ptr<const Node> root_;
};

}  // namespace scamper::filter
