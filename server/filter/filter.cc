// SPDX-License-Identifier: Apache-2.0
#include "server/filter/filter.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace scamper::filter {
namespace {

enum class Operator { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual, kHas };

struct Spelling {
  absl::string_view text;
  Operator op;
};
// Those that begin with another one before it.
constexpr Spelling kOperators[] = {
    {"!=", Operator::kNotEqual}, {"<=", Operator::kLessEqual}, {">=", Operator::kGreaterEqual},
    {"=", Operator::kEqual},     {"<", Operator::kLess},       {">", Operator::kGreater},
    {":", Operator::kHas},
};

struct Comparison {
  size_t field = 0;
  Field::Kind kind = Field::Kind::kText;
  Operator op = Operator::kEqual;
  std::string text;  // in lower case, without the stars
  double number = 0;
  bool any_before = false;
  bool any_behind = false;
  bool present = false;  // field:*
};

template <typename T>
bool Ordered(Operator op, const T& a, const T& b) {
  switch (op) {
    case Operator::kLess:
      return a < b;
    case Operator::kLessEqual:
      return a <= b;
    case Operator::kGreater:
      return a > b;
    case Operator::kGreaterEqual:
      return a >= b;
    default:
      return a == b;
  }
}

bool TextHolds(const Comparison& c, absl::string_view value) {
  const std::string text = absl::AsciiStrToLower(value);
  const bool contains = c.op == Operator::kHas && c.kind == Field::Kind::kText;
  const bool order = c.op != Operator::kHas && c.op != Operator::kEqual;
  if (order) return Ordered(c.op, absl::string_view(text), absl::string_view(c.text));
  if (contains || (c.any_before && c.any_behind)) return absl::StrContains(text, c.text);
  if (c.any_before) return absl::EndsWith(text, c.text);
  if (c.any_behind) return absl::StartsWith(text, c.text);
  return text == c.text;
}

bool Holds(const Comparison& c, const Values& values) {
  if (c.present) return !values.texts.empty() || !values.numbers.empty();
  if (c.kind == Field::Kind::kNumber) {
    return std::any_of(values.numbers.begin(), values.numbers.end(),
                       [&](double number) { return Ordered(c.op, number, c.number); });
  }
  return std::any_of(values.texts.begin(), values.texts.end(),
                     [&](absl::string_view text) { return TextHolds(c, text); });
}

}  // namespace

struct Filter::Node {
  enum class Kind { kComparison, kNot, kAnd, kOr } kind = Kind::kComparison;
  Comparison comparison;
  std::vector<std::shared_ptr<const Node>> children;
};

namespace {

using Node = Filter::Node;
using NodePtr = std::shared_ptr<const Node>;

bool Evaluate(const Node& node, const Lookup& lookup) {
  const auto holds = [&](const NodePtr& child) { return Evaluate(*child, lookup); };
  switch (node.kind) {
    case Node::Kind::kNot:
      return !holds(node.children[0]);
    case Node::Kind::kAnd:
      return std::all_of(node.children.begin(), node.children.end(), holds);
    case Node::Kind::kOr:
      return std::any_of(node.children.begin(), node.children.end(), holds);
    case Node::Kind::kComparison:
      break;
  }
  Values values;
  lookup(node.comparison.field, &values);
  return Holds(node.comparison, values);
}

NodePtr Not(NodePtr child) {
  auto node = std::make_shared<Node>();
  node->kind = Node::Kind::kNot;
  node->children.push_back(std::move(child));
  return node;
}

class Parser {
 public:
  Parser(absl::string_view text, absl::Span<const Field> fields) : text_(text), fields_(fields) {}

  absl::StatusOr<NodePtr> All() {
    absl::StatusOr<NodePtr> root = Expression(0);
    if (root.ok() && !AtEnd()) return Wrong("expected AND, OR or the end");
    return root;
  }

 private:
  // A value as it was written.
  struct Value {
    std::string text;
    bool star_before = false;
    bool star_behind = false;
    size_t at = 0;
  };

  absl::StatusOr<NodePtr> Expression(int depth);
  absl::StatusOr<NodePtr> Term(int depth);
  absl::StatusOr<NodePtr> Compare();
  absl::StatusOr<size_t> FieldName();
  absl::StatusOr<Operator> TakeOperator();
  absl::StatusOr<Value> TakeValue();
  absl::StatusOr<Value> Quoted();
  absl::Status CheckValue(const Field& field, const Value& value, Comparison* comparison);

  absl::Status Wrong(absl::string_view what) const { return WrongAt(at_, what); }
  static absl::Status WrongAt(size_t at, absl::string_view what) {
    return absl::InvalidArgumentError(absl::StrCat("at ", at + 1, ": ", what));
  }
  void SkipBlanks() {
    while (at_ < text_.size() && absl::ascii_isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool AtEnd() {
    SkipBlanks();
    return at_ == text_.size();
  }
  char Next() { return AtEnd() ? '\0' : text_[at_]; }
  static bool InName(char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
  }
  // The word in front, if it is that one.
  bool TakeKeyword(absl::string_view keyword) {
    SkipBlanks();
    const absl::string_view rest = text_.substr(at_);
    if (!absl::StartsWith(rest, keyword)) return false;
    if (rest.size() > keyword.size() && InName(rest[keyword.size()])) return false;
    at_ += keyword.size();
    return true;
  }

  const absl::string_view text_;
  const absl::Span<const Field> fields_;
  size_t at_ = 0;
};

absl::StatusOr<NodePtr> Parser::Expression(int depth) {
  absl::StatusOr<NodePtr> first = Term(depth);
  if (!first.ok()) return first;
  auto node = std::make_shared<Node>();
  node->children.push_back(*std::move(first));
  while (true) {
    SkipBlanks();
    const size_t at = at_;
    const bool both = TakeKeyword("AND");
    if (!both && !TakeKeyword("OR")) break;
    const Node::Kind kind = both ? Node::Kind::kAnd : Node::Kind::kOr;
    if (node->children.size() > 1 && node->kind != kind) {
      return WrongAt(at, "AND and OR side by side need parentheses");
    }
    node->kind = kind;
    absl::StatusOr<NodePtr> next = Term(depth);
    if (!next.ok()) return next;
    node->children.push_back(*std::move(next));
  }
  if (node->children.size() == 1) return std::move(node->children[0]);
  return node;
}

absl::StatusOr<NodePtr> Parser::Term(int depth) {
  if (depth > Filter::kMaxDepth) return Wrong("nested too deep");
  if (TakeKeyword("NOT")) {
    absl::StatusOr<NodePtr> negated = Term(depth + 1);
    if (!negated.ok()) return negated;
    return Not(*std::move(negated));
  }
  if (Next() != '(') return Compare();
  ++at_;
  absl::StatusOr<NodePtr> inner = Expression(depth + 1);
  if (!inner.ok()) return inner;
  if (Next() != ')') return Wrong("expected AND, OR or a closing parenthesis");
  ++at_;
  return inner;
}

absl::StatusOr<NodePtr> Parser::Compare() {
  absl::StatusOr<size_t> index = FieldName();
  if (!index.ok()) return index.status();
  const Field& field = fields_[*index];
  SkipBlanks();
  const size_t operator_at = at_;
  absl::StatusOr<Operator> op = TakeOperator();
  if (!op.ok()) return op.status();
  absl::StatusOr<Value> value = TakeValue();
  if (!value.ok()) return value.status();
  const bool ordering =
      *op != Operator::kEqual && *op != Operator::kNotEqual && *op != Operator::kHas;
  if (ordering && field.kind == Field::Kind::kTexts) {
    return WrongAt(operator_at, absl::StrCat(field.name, " has no order; expected =, != or :"));
  }
  if (ordering && (value->star_before || value->star_behind)) {
    return WrongAt(value->at, "a * needs =, != or :");
  }
  auto node = std::make_shared<Node>();
  Comparison& comparison = node->comparison;
  comparison.field = *index;
  comparison.kind = field.kind;
  comparison.op = *op == Operator::kNotEqual ? Operator::kEqual : *op;
  if (absl::Status status = CheckValue(field, *value, &comparison); !status.ok()) return status;
  if (*op == Operator::kNotEqual) return Not(std::move(node));
  return node;
}

absl::Status Parser::CheckValue(const Field& field, const Value& value, Comparison* comparison) {
  comparison->text = absl::AsciiStrToLower(value.text);
  comparison->any_before = value.star_before;
  comparison->any_behind = value.star_behind;
  const bool star = value.star_before || value.star_behind;
  comparison->present = star && value.text.empty();
  if (field.kind != Field::Kind::kNumber || comparison->present) return absl::OkStatus();
  absl::string_view digits = comparison->text;
  if (!field.prefix.empty()) {
    digits = absl::StripPrefix(digits, absl::AsciiStrToLower(field.prefix));
  }
  if (star || !absl::SimpleAtod(digits, &comparison->number) ||
      !std::isfinite(comparison->number)) {
    return WrongAt(value.at, absl::StrCat(field.name, " is compared with a number"));
  }
  return absl::OkStatus();
}

absl::StatusOr<size_t> Parser::FieldName() {
  SkipBlanks();
  const size_t begin = at_;
  while (at_ < text_.size() && InName(text_[at_])) ++at_;
  const absl::string_view name = text_.substr(begin, at_ - begin);
  std::string known;
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].name == name) return i;
    absl::StrAppend(&known, i == 0 ? "" : ", ", fields_[i].name);
  }
  return WrongAt(begin, absl::StrCat(name.empty() ? "expected a field"
                                                  : absl::StrCat("no field is named '", name, "'"),
                                     "; there are ", known));
}

absl::StatusOr<Operator> Parser::TakeOperator() {
  for (const Spelling& spelling : kOperators) {
    if (!absl::StartsWith(text_.substr(at_), spelling.text)) continue;
    at_ += spelling.text.size();
    return spelling.op;
  }
  return Wrong("expected =, !=, <, <=, >, >= or :");
}

absl::StatusOr<Parser::Value> Parser::TakeValue() {
  const char next = Next();
  if (next == '"' || next == '\'') return Quoted();
  Value value;
  value.at = at_;
  const size_t end = std::min(text_.find_first_of(" \t\r\n()\"'", at_), text_.size());
  absl::string_view word = text_.substr(at_, end - at_);
  if (word.empty()) return Wrong("expected a value");
  value.star_before = absl::ConsumePrefix(&word, "*");
  value.star_behind = absl::ConsumeSuffix(&word, "*");
  if (absl::StrContains(word, '*')) return Wrong("a * stands only at an end of a value");
  value.text = std::string(word);
  at_ = end;
  return value;
}

absl::StatusOr<Parser::Value> Parser::Quoted() {
  Value value;
  value.at = at_;
  const char quote = text_[at_++];
  bool star = false;  // the last character is one
  for (; at_ < text_.size() && text_[at_] != quote; ++at_) {
    if (star) return WrongAt(at_ - 1, "a * stands only at an end of a value; \\* is a star");
    if (text_[at_] == '*') {
      const bool first = at_ == value.at + 1;
      (first ? value.star_before : star) = true;
      continue;
    }
    if (text_[at_] == '\\' && ++at_ == text_.size()) break;
    value.text.push_back(text_[at_]);
  }
  if (at_ >= text_.size()) return WrongAt(value.at, "the quote is not closed");
  ++at_;
  value.star_behind = star;
  return value;
}

}  // namespace

absl::StatusOr<Filter> Filter::Parse(absl::string_view text, absl::Span<const Field> fields) {
  if (text.size() > kMaxLength) {
    return absl::InvalidArgumentError(
        absl::StrCat("at ", kMaxLength + 1, ": longer than ", kMaxLength, " characters"));
  }
  absl::StatusOr<NodePtr> root = Parser(text, fields).All();
  if (!root.ok()) return root.status();
  return Filter(*std::move(root));
}

bool Filter::Matches(const Lookup& lookup) const { return Evaluate(*root_, lookup); }

}  // namespace scamper::filter
